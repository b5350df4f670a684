/* The pieces of the panel: a labelled field for one value each. No framework, no inline style. */

let count = 0;

export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

export function field(label, control, hint = '') {
  control.id ||= `prop-${count += 1}`;
  const told = hint ? node('p', { class: 'hint', id: `${control.id}-hint` }, hint) : null;
  if (told) control.setAttribute('aria-describedby', told.id);
  return node('div', { class: 'field' }, node('label', { for: control.id }, label), told, control);
}

export function text(label, value, save, { hint, long, key, ...more } = {}) {
  const control = node(long ? 'textarea' : 'input', { 'data-key': key, ...(long ? { rows: 3 } : { type: 'text' }), ...more });
  control.value = value ?? '';
  control.addEventListener('change', () => save(control.value.trim()));
  return field(label, control, hint);
}

/* `options` are [value, words] pairs. A value that is none of them stays and is shown as it is. */
export function choice(label, value, options, save, { hint, empty = '（无）', key } = {}) {
  return field(label, select(value, options, save, empty, key), hint);
}

export function select(value, options, save, empty = '（无）', key = undefined, label = undefined) {
  const known = options.some(([one]) => one === value);
  const all = [...(empty === null ? [] : [['', empty]]), ...options, ...(value && !known ? [[value, `${value}（没有找到）`]] : [])];
  const control = node('select', { 'data-key': key, 'aria-label': label }, ...all.map(([one, words]) => node('option', { value: one }, words)));
  control.value = value ?? '';
  control.addEventListener('change', () => save(control.value));
  return control;
}

export function tick(label, checked, save, key) {
  const control = node('input', { type: 'checkbox', 'data-key': key });
  control.checked = checked;
  control.addEventListener('change', () => save(control.checked));
  return node('label', { class: 'tick' }, control, node('span', {}, label));
}

/* Words with commas between them, chosen from [value, words] pairs; a word that is none of them stays. */
export function several(label, value, options, save, key) {
  const chosen = new Set((value ?? '').split(',').map((one) => one.trim()).filter(Boolean));
  const unknown = [...chosen].filter((one) => !options.some(([known]) => known === one)).map((one) => [one, `${one}（没有找到）`]);
  const ticks = [...options, ...unknown].map(([one, words]) => tick(words, chosen.has(one), (wanted) => {
    if (wanted) chosen.add(one); else chosen.delete(one);
    save([...chosen].join(','));
  }, `${key}-${one}`));
  return node('fieldset', { class: 'field' }, node('legend', {}, label), ...ticks);
}

export function button(label, act, kind = 'btn alt small') {
  return node('button', { type: 'button', class: kind, onclick: act }, label);
}
