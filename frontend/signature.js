/* Draws a signature with mouse, pen or finger. Without this file a picture of one is uploaded instead. */
import SignaturePad from 'signature_pad';

for (const place of document.querySelectorAll('[data-sign]')) {
  const canvas = place.querySelector('canvas');
  const drawn = place.querySelector('input[name=drawn]');
  const status = place.querySelector('[data-sign-status]');
  const pad = new SignaturePad(canvas, { minWidth: 1.2, maxWidth: 3.2, penColor: '#101010' });
  place.hidden = false;

  /* A canvas holds as many dots as the screen has; turning a phone keeps what is drawn. */
  const fit = () => {
    const strokes = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext('2d').scale(ratio, ratio);
    pad.fromData(strokes);
  };
  fit();
  window.addEventListener('resize', fit);

  const tell = () => { status.textContent = pad.isEmpty() ? '还没有签名' : '已签名，可以重写'; };
  pad.addEventListener('endStroke', tell);
  place.querySelector('[data-sign-clear]').addEventListener('click', () => { pad.clear(); tell(); });
  tell();
  place.closest('form').addEventListener('submit', () => {
    drawn.value = pad.isEmpty() ? '' : pad.toDataURL('image/png');
  });
}
