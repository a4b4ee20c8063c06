"""Many removals on the brush page's server, several at once, while clients
vanish and its worker is killed: is each result right, does its memory stay
level, is anything left behind?

It is run as a module, in a checkout: `python -m tools.stress_web`. Every
tenth client goes away while its picture is painted, another one while it
sends; every tenth removal is asked for through gradio's queue.
"""
import argparse
import http.client
import json
import socket
import threading
import time
from collections import Counter
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlparse

import numpy as np
import psutil
from gradio_client import Client, handle_file
from PIL import Image

from tests.test_web.chromium import Server
from tmad_mmedit import Inpainter

DEMO = Path(__file__).parent.parent / 'demo/photos'
IDLE = 20  # seconds, for an hour
START = ('from tmad_mmedit.web import server, sessions\n'
         f'sessions.IDLE, server.OFTEN = {IDLE}, 5\n')


class Subject:
    """A picture of 80 x 60 pixels, its mask, and what is to come."""

    def __init__(self, folder: Path, photo: Path, inpainter: Inpainter):
        self.photo = folder / f'{photo.stem}.png'
        self.mask = folder / f'{photo.stem}_mask.png'
        Image.open(photo).convert('RGB').resize((80, 60)).save(self.photo)
        hole = np.zeros((60, 80), np.uint8)
        hole[24:38, 30:48] = 255
        Image.fromarray(hole).save(self.mask)
        self.expected = np.asarray(inpainter(self.photo, self.mask).pil())


class Stress:
    """
    Args:
        server (Server): That is asked.
        subjects (list[Subject]): In turn.
        removals (int): In all.
    """

    def __init__(self, server, subjects, removals):
        self.server, self.subjects, self.removals = server, subjects, removals
        self.address = urlparse(server.url).netloc
        self.numbers = count()
        self.seen = Counter()
        self.lock = threading.Lock()

    def client(self):
        """Ask for one removal after another, until there are enough."""
        while (number := next(self.numbers)) < self.removals:
            subject = self.subjects[number % len(self.subjects)]
            what = {3: self.leave, 5: self.queue, 7: self.break_off}.get(
                number % 10, self.remove)
            try:
                said = what(subject, number)
            except Exception as error:
                said = f'wrong: {type(error).__name__}: {error}'
            with self.lock:
                self.seen[said] += 1
            if number == self.removals // 2:
                self.server.worker.kill()
            if number % 20 == 19:
                print(number + 1, *self.memory(), flush=True)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=300)
        connection.request(method, '/api' + path, body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 200:
            raise ValueError(f'{answer.status}: {content[:200]!r}')
        return content

    def start(self, subject, number):
        """Return the picture's address."""
        state = json.loads(self.ask('POST', f'/pictures?name={number}.png',
                                    subject.photo.read_bytes()))
        at = f'/pictures/{state["token"]}'
        model = json.loads(self.ask('GET', '/start'))['models'][0]
        self.ask('POST', f'{at}/remove?job={number}&seen=0&model={model}',
                 subject.mask.read_bytes())
        return at

    def listen(self):
        """Take what it says, as a full pipe would hold it up."""
        self.said = self.server.process.stderr.read()

    def remove(self, subject, number):
        at = self.start(subject, number)
        while (job := json.loads(self.ask('GET', at))['job'])['state'] in (
                'waiting', 'painting'):
            time.sleep(.1)
        if job['state'] == 'failed':
            self.ask('DELETE', at)
            return f'failed: {job["error"]}'
        said = self.judged(subject, self.ask('GET', f'{at}/file/png'))
        self.ask('GET', f'{at}/tiles/1/0/0/0')
        self.ask('DELETE', at)
        return said

    def queue(self, subject, number):
        client = Client(self.server.url, verbose=False)
        path = client.predict(handle_file(subject.photo),
                              handle_file(subject.mask), api_name='/remove')
        return self.judged(subject, Path(path).read_bytes())

    def leave(self, subject, number):
        self.start(subject, number)
        return 'left while it was painted'

    def break_off(self, subject, number):
        host, port = self.address.split(':')
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b'POST /api/pictures?name=a.png HTTP/1.1\r\n'
                               b'Host: a\r\nContent-Length: 99999\r\n\r\nabc')
        return 'left while it was sent'

    def judged(self, subject, content):
        result = np.asarray(Image.open(BytesIO(content)))
        return 'right' if np.array_equal(result, subject.expected) else (
            'wrong: another picture')

    def memory(self):
        """Megabytes of the server and of its worker."""
        found = psutil.Process(self.server.process.pid), self.server.worker
        return [round(x.memory_info().rss / 1e6) for x in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--removals', type=int, default=200)
    parser.add_argument('--at-once', type=int, default=4)
    args = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / 'server').mkdir()
        inpainter = Inpainter()
        subjects = [Subject(folder, x, inpainter)
                    for x in sorted(DEMO.glob('*.jpg'))[:7]]
        server = Server(folder / 'server', before=START)
        stress = Stress(server, subjects, args.removals)
        print('removals, MB of the server, MB of the worker', flush=True)
        listener = threading.Thread(target=stress.listen)
        listener.start()
        clients = [threading.Thread(target=stress.client)
                   for _ in range(args.at_once)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        print(*(f'{n} {what}' for what, n in stress.seen.items()), sep='\n')
        print(len(server.files()), 'files at the end')
        time.sleep(IDLE + 15)
        left = [str(x.relative_to(folder)) for x in server.files()]
        print(len(left), 'files after the hour', *left[:5], sep='\n')
        print('MB', *stress.memory())
        server.process.terminate()
        server.process.wait(60)
        listener.join()
        print('it said:', stress.said or 'nothing')
        print(len(server.files()), 'files after it')


if __name__ == '__main__':
    main()
