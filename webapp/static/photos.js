/* Shrinks photographs before they are sent, and says what is chosen. Without this file the server does it.

   Browsers turn the picture upright by its EXIF mark while decoding; where one cannot decode it, or
   the result is not smaller, the file goes as it is. */
(() => {
  'use strict';

  const LONGEST = 2560;
  const SMALL = 700 * 1024;
  const QUALITY = 0.86;

  document.addEventListener('change', async (event) => {
    const input = event.target;
    if (!input.matches('input[type=file]') || !input.files.length) return;
    const label = input.closest('.file');
    const form = input.form;
    if (label) say(label, input.files);
    if (![...input.files].some(isLarge)) return;
    const chosen = [...input.files];
    const held = form && hold(form);
    try {
      const sent = new DataTransfer();
      for (const file of chosen) sent.items.add(isLarge(file) ? await shrunk(file) : file);
      if (sameFiles(chosen, [...input.files])) input.files = sent.files;
    } catch {
      /* The files go as they are. */
    } finally {
      held?.();
      if (label) say(label, input.files);
    }
  });

  function isLarge(file) {
    return /^image\//.test(file.type) && file.size > SMALL;
  }

  function sameFiles(one, other) {
    return one.length === other.length && one.every((file, place) => file === other[place]);
  }

  /* The picture within LONGEST, upright; the file itself where that is no gain. */
  async function shrunk(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    } catch {
      return file;
    }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const drawing = canvas.getContext('2d');
    drawing.fillStyle = '#fff';
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.imageSmoothingQuality = 'high';
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const smaller = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    if (!smaller || smaller.size >= file.size) return file;
    const name = file.name.replace(/\.\w+$/, '') + '.jpg';
    return new File([smaller], name, { type: 'image/jpeg', lastModified: file.lastModified });
  }

  /* A submit in between waits until the pictures are ready. */
  function hold(form) {
    let wanted;
    const wait = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      wanted = event.submitter ?? null;
    };
    document.addEventListener('submit', wait, true);
    return () => {
      document.removeEventListener('submit', wait, true);
      if (wanted !== undefined) form.requestSubmit(wanted);
    };
  }

  function say(label, files) {
    let told = label.querySelector('[data-chosen]');
    if (!told) {
      told = document.createElement('small');
      told.dataset.chosen = '';
      told.setAttribute('aria-live', 'polite');
      label.append(told);
    }
    const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
    const name = files.length === 1 ? `（${files[0].name}）` : '';
    const later = 'stays' in label.dataset ? '' : '，保存或提交时上传';
    told.textContent = files.length ? `已选 ${files.length} 个${name}，共 ${spoken(bytes)}${later}` : '';
  }

  function spoken(bytes) {
    return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
  }
})();
