// A file that is dropped anywhere on the page, or pasted, goes to the server as it is.
// The brush would take a copy of the browser's instead.
(() => {
  const open = (event, files) => {
    const input = document.querySelector(
      '#open input[type=file], input[type=file]:has(+ #another), #another input[type=file]');
    if (!files || !files.length || !input) return;
    if (event.target.closest && event.target.closest('#mask')) return;
    event.preventDefault();
    event.stopPropagation();
    const given = new DataTransfer();
    given.items.add(files[0]);
    input.files = given.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
  };
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => open(event, event.dataTransfer && event.dataTransfer.files), true);
  addEventListener('paste', (event) => open(event, event.clipboardData && event.clipboardData.files), true);
})();
// A stroke that is being drawn comes to its end before the picture below it changes.
(() => {
  let drawing = false;
  const lifted = () => { drawing = false; };
  addEventListener('pointerdown', (event) => { drawing = Boolean(event.target.closest('#brush')); }, true);
  addEventListener('pointerup', lifted, true);
  addEventListener('pointercancel', lifted, true);
  window.brushLifted = async () => {
    while (drawing) await new Promise((then) => setTimeout(then, 50));
  };
})();
