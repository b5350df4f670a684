/* Keeps the draft on the server: a moment after each change, never over what somebody else saved.

   Each diagram is sent by itself, over the print of what was read of it: one that is saved vouches for no other. */
import { button, node } from './fields.js';

const PAUSE = 1500;

export class Saving {
  constructor({ sheets, token, notice, dialog, saved }) {
    Object.assign(this, { sheets, token, notice, dialog, told: saved });
    this.pause = 0; this.isStopped = false; this.underway = null;
    window.addEventListener('beforeunload', (event) => { if (this.isDirty) event.preventDefault(); });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.now(); });
  }

  get isDirty() { return this.sheets.all.some((one) => one.isDirty); }

  changed(sheet) {
    sheet.isDirty = true;
    this.say('有改动，还没有保存', 'wait');
    clearTimeout(this.pause);
    if (!this.isStopped) this.pause = setTimeout(() => this.now(), PAUSE);
  }

  /* Saves what is on the canvases; a second call waits for the first. Gives whether all of it is kept. */
  async now() {
    clearTimeout(this.pause);
    while (this.underway) await this.underway;
    if (!this.isDirty || this.isStopped) return !this.isDirty;
    this.underway = this.sendAll().finally(() => { this.underway = null; });
    return this.underway;
  }

  async sendAll() {
    const kept = [];
    for (const sheet of this.sheets.all.filter((one) => one.isDirty)) {
      if (this.isStopped) break;
      if (await this.send(sheet)) kept.push(sheet);
    }
    if (kept.length && !this.isDirty) this.say(`已保存 ${new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })}`, 'good');
    if (kept.length) this.told(kept);
    return !this.isDirty;
  }

  async send(sheet) {
    sheet.isDirty = false;
    const xml = await sheet.file();
    try {
      return await this.take(sheet, await this.ask('PUT', sheet, { xml }));
    } catch {
      sheet.isDirty = true;
      this.say('没有连上服务器，改动还在这一页上，会再试', 'bad');
      this.pause = setTimeout(() => this.now(), 4 * PAUSE);
      return false;
    }
  }

  ask(method, sheet, more) {
    return fetch(this.sheets.addressOf(sheet.process), {
      method,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.token },
      body: JSON.stringify({ read: sheet.read, ...more }),
    });
  }

  /* Has the draft take a new diagram to call. Gives what forbids it, or "". */
  async begin(address, process, name) {
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': this.token };
    const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ process, name }) }).catch(() => null);
    const told = answer?.headers.get('Content-Type')?.includes('json') ? await answer.json() : { story: '没有连上服务器，稍后再试。' };
    return answer?.ok ? '' : told.story;
  }

  /* Whether the server kept it. */
  async take(sheet, answer) {
    if (answer.ok) {
      sheet.read = (await answer.json()).read; // the print of what is kept now
      return true;
    }
    sheet.isDirty = true;
    if (answer.status === 409) this.conflict(sheet, await answer.json());
    else {
      const told = answer.headers.get('Content-Type')?.includes('json') ? (await answer.json()).story : '服务器没有收下';
      this.say(`没有保存${this.named(sheet)}：${told}`, 'bad');
    }
    return false;
  }

  named(sheet) { return sheet.process ? `“${this.sheets.nameOf(sheet.process)}”` : ''; }

  /* Somebody was faster: nothing is overwritten, nothing of ours is lost. */
  conflict(sheet, { story }) {
    this.isStopped = true;
    this.say(`没有保存${this.named(sheet)}：草稿已有更新的内容`, 'bad');
    this.dialog.replaceChildren(
      node('h2', {}, '草稿已有更新的内容'),
      node('p', {}, story),
      node('p', {}, '先把您的改动下载成文件，再载入最新的草稿。'),
      node('p', { class: 'actions' }, button('下载我的改动', () => this.download(), 'btn'), button('载入最新的草稿', () => this.reload())),
    );
    this.dialog.showModal();
  }

  reload() {
    for (const one of this.sheets.all) one.isDirty = false;
    location.reload();
  }

  async download() {
    for (const one of this.sheets.all.filter((sheet) => sheet.isDirty)) {
      give(new Blob([await one.file()], { type: 'application/xml' }), one.process ? `我的改动 ${one.process}.bpmn` : '我的改动.bpmn');
    }
  }

  /* Asks, then lets the draft call the shared diagram again. `done` is told when it does. */
  offerReset(sheet, done) {
    const name = this.sheets.nameOf(sheet.process);
    this.dialog.replaceChildren(
      node('h2', {}, `恢复为共用的“${name}”`),
      node('p', {}, '本草稿里对它的改动会失去，不能撤销。想留一份的，先在“文件”里下载。'),
      node('p', { class: 'actions' }, button('确认恢复', () => this.reset(sheet, done), 'btn bad'), button('不恢复', () => this.dialog.close())),
    );
    this.dialog.showModal();
  }

  async reset(sheet, done) {
    clearTimeout(this.pause);
    while (this.underway) await this.underway;
    this.dialog.close();
    const answer = await this.ask('DELETE', sheet, {}).catch(() => null);
    if (!answer) { this.say('没有连上服务器，没有恢复', 'bad'); return; }
    if (await this.take(sheet, answer)) { sheet.isDirty = false; done(); }
  }

  say(words, tone) {
    this.notice.textContent = words;
    this.notice.className = `tag ${tone}`;
  }
}

export function give(blob, name) {
  const link = node('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
