/* The draft on a narrow window: its diagrams to look at, with what the check says; nothing can be changed. */
import { Findings } from './findings.js';
import { Sheets, TOP } from './sheets.js';

export async function beginSmall(page, root, known) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const { diagram, check, title, token } = page.dataset;
  const sheets = new Sheets({
    place: part('small-canvas'), nav: part('small-sheets'), note: part('small-whose'), panelPlace: part('small-panel'),
    catalogue: known, address: diagram, title, isSmall: true,
  });
  const findings = new Findings({ place: part('small-findings'), sheets, address: check, token });
  sheets.onOpen = () => findings.markAll();
  await sheets.show(TOP);
  const shown = () => sheets.shown;
  part('small-in').addEventListener('click', () => shown().scaleTo(shown().scale * 1.25));
  part('small-out').addEventListener('click', () => shown().scaleTo(shown().scale / 1.25));
  part('small-fit').addEventListener('click', () => shown().fit());
  await findings.ask();
  root.dataset.drawn = 'yes';
}
