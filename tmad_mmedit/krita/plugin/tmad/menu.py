"""The entry in Krita's menu, and what it says."""
import time

from krita import Extension, Krita
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QMessageBox, QProgressDialog

from .command import Refusal
from .document import remove

TITLE = 'Remove What Is Selected (T-MAD)'


class Menu(Extension):

    def setup(self):
        pass  # Krita calls it; nothing is needed before there is a window

    def createActions(self, window):
        action = window.createAction('tmad_remove', TITLE, 'tools/scripts')
        action.triggered.connect(self.remove)

    def remove(self):
        """Remove, while a dialog says so, which can cancel it."""
        window = Krita.instance().activeWindow()
        parent = window.qwindow() if window else None
        waiting = QProgressDialog('Looking for texture ...', 'Cancel', 0, 0,
                                  parent)
        waiting.setWindowTitle(TITLE)
        waiting.setWindowModality(Qt.ApplicationModal)

        def going_on():
            waiting.show()
            QApplication.processEvents()
            time.sleep(.02)
            return not waiting.wasCanceled()

        try:
            remove(Krita.instance().activeDocument(), going_on)
        except Refusal as refusal:
            QMessageBox.information(parent, TITLE, str(refusal))
        finally:
            waiting.close()
