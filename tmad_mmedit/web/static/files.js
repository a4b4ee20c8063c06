// Files: opened, dropped anywhere, pasted, and saved.

export function listen(opened) {
  const first = (files) => [...(files || [])][0];
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    const file = first(event.dataTransfer?.files);
    if (file) opened(file);
  });
  addEventListener('paste', (event) => {
    const file = first(event.clipboardData?.files);
    if (!file) return;
    event.preventDefault();
    opened(file);
  });
}

// Have an <input type=file> tell of each file, also of the same one again.
export function chosen(input, opened) {
  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = '';
    if (file) opened(file);
  });
}

export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
}
