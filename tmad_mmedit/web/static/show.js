// The page's parts say what is so: which buttons have something to do, and what is going on.

const part = (id) => document.getElementById(id);

export function show({ work, view, tools, stage }) {
  const { picture, past } = work;
  document.body.dataset.picture = picture ? 'open' : 'none';
  const drawn = past.strokes.length > 0;
  const idle = !work.busy && !work.over;
  const can = {
    undo: past.next || work.preview,
    redo: past.again && !past.pending,
    remove: idle && !past.pending && (drawn || work.preview),
    snap: idle && drawn && !work.preview,
    clear: past.kept.length,
    saveMask: past.of(tools.layer).length,
    made: picture?.version && !past.pending,
    download: idle && picture?.version,
    original: picture?.version,
  };
  for (const button of document.querySelectorAll('[data-act], #original, #files button')) {
    const name = button.dataset.act || (button.id === 'original' ? 'original' : 'download');
    if (name in can) button.disabled = !can[name];
  }
  for (const button of document.querySelectorAll('[data-tool]')) {
    button.ariaPressed = String(button.dataset.act === tools.tool);
  }
  for (const button of document.querySelectorAll('[data-layer]')) {
    button.ariaPressed = String(button.dataset.act === tools.layer);
  }
  part('swatch').style.fill = tools.colour || 'none';
  part('original').ariaPressed = String(Boolean(stage?.original));
  part('pixels').textContent = `${tools.width} px`;
  part('zoom').textContent = `${Math.round(view.scale * 100)} %`;
  part('choice').hidden = !work.preview;
  showState(work);
  if (picture) showPicture(picture);
}

function showState({ past, picture, busy, away, over }) {
  const job = past.pending && picture?.job?.name === past.pending.name ? picture.job : null;
  let text = busy ? `${busy} …` : '';
  if (past.pending) {
    text = job?.ahead ? `Waiting: ${job.ahead} before this one` : 'Painting …';
  }
  if (away) text = 'The server does not answer. Trying again …';
  if (over) text = 'This picture is no longer open at the server, and its rounds are gone.';
  part('state').hidden = !text;
  if (part('doing').textContent !== text) part('doing').textContent = text;
  const seconds = text === 'Painting …' ? `${Math.floor(job?.seconds || 0)} s` : '';
  if (part('clock').textContent !== seconds) part('clock').textContent = seconds;
  part('state').dataset.bad = away || over ? 'yes' : 'no';
  part('cancel').hidden = !past.pending || away || over;
  part('reopen').hidden = !over;
}

function showPicture({ name, width, height, rounds, endings }) {
  const said = `${name} · ${width} × ${height}${rounds ? ` · ${rounds} round${rounds > 1 ? 's' : ''}` : ''}`;
  if (part('name').textContent !== said) {
    part('name').textContent = said;
    document.title = `${name} – T-MAD`;
  }
  const files = part('files');
  if (files.dataset.endings !== endings.join()) {
    files.dataset.endings = endings.join();
    files.replaceChildren(...endings.map((ending) => {
      const button = part('download').content.firstElementChild.cloneNode(true);
      button.append(ending.toUpperCase());
      button.dataset.ending = ending;
      button.ariaLabel = `Download ${ending.toUpperCase()}`;
      return button;
    }));
  }
}
