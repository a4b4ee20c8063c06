// Sentences and questions.

const LONG = 30e3; // milliseconds that a sentence stays, if nobody closes it

// Says a sentence below the picture.
export function tell(text) {
  const line = document.createElement('p');
  line.append(text);
  const close = document.createElement('button');
  Object.assign(close, { textContent: '×', ariaLabel: 'Close', type: 'button' });
  close.addEventListener('click', () => line.remove());
  line.append(close);
  const messages = document.getElementById('messages');
  [...messages.children].filter((each) => each.firstChild.data === text)
    .forEach((each) => each.remove());
  messages.append(line);
  setTimeout(() => line.remove(), LONG);
}

// Asks, in a dialog; true for yes.
export function ask(question, yes, no = 'Cancel') {
  const dialog = document.getElementById('question');
  dialog.querySelector('p').textContent = question;
  dialog.querySelector('[value=yes]').textContent = yes;
  dialog.querySelector('[value=no]').textContent = no;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((answered) => {
    dialog.addEventListener('close', () => answered(dialog.returnValue === 'yes'), { once: true });
  });
}
