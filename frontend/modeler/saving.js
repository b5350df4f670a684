/* Keeps the draft on the server: a moment after each change, never over what somebody else saved. */
import { button, node } from './fields.js';

const PAUSE = 1500;

export class Saving {
  constructor({ modeler, address, revision, read, token, notice, dialog, saved }) {
    Object.assign(this, { modeler, address, revision, read, token, notice, dialog, told: saved });
    this.pause = 0; this.isDirty = false; this.isStopped = false; this.underway = null;
    modeler.on('commandStack.changed', () => this.changed());
    window.addEventListener('beforeunload', (event) => { if (this.isDirty) event.preventDefault(); });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') this.now(); });
  }

  changed() {
    this.isDirty = true;
    this.say('有改动，还没有保存', 'wait');
    clearTimeout(this.pause);
    if (!this.isStopped) this.pause = setTimeout(() => this.now(), PAUSE);
  }

  /* Saves what is on the canvas; a second call waits for the first. Gives whether all of it is kept. */
  async now() {
    clearTimeout(this.pause);
    while (this.underway) await this.underway;
    if (!this.isDirty || this.isStopped) return !this.isDirty;
    this.underway = this.send().finally(() => { this.underway = null; });
    return this.underway;
  }

  async send() {
    this.isDirty = false;
    const { xml } = await this.modeler.saveXML({ format: true });
    try {
      const answer = await fetch(this.address, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.token },
        body: JSON.stringify({ revision: this.revision, read: this.read, xml }),
      });
      return await this.take(answer);
    } catch {
      this.isDirty = true;
      this.say('没有连上服务器，改动还在这一页上，会再试', 'bad');
      this.pause = setTimeout(() => this.now(), 4 * PAUSE);
      return false;
    }
  }

  async take(answer) {
    if (answer.ok) {
      Object.assign(this, await answer.json()); // the revision and the print of what is kept now
      if (!this.isDirty) this.say(`已保存 ${new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })}`, 'good');
      this.told();
      return !this.isDirty;
    }
    this.isDirty = true;
    if (answer.status === 409) this.conflict(await answer.json());
    else {
      const told = answer.headers.get('Content-Type')?.includes('json') ? (await answer.json()).story : '服务器没有收下';
      this.say(`没有保存：${told}`, 'bad');
    }
    return false;
  }

  /* Somebody was faster: nothing is overwritten, nothing of ours is lost. */
  conflict({ story }) {
    this.isStopped = true;
    this.say('没有保存：草稿已有更新的内容', 'bad');
    this.dialog.replaceChildren(
      node('h2', {}, '草稿已有更新的内容'),
      node('p', {}, story),
      node('p', {}, '先把您的改动下载成文件，再载入最新的草稿。'),
      node('p', { class: 'actions' }, button('下载我的改动', () => this.download(), 'btn'), button('载入最新的草稿', () => { this.isDirty = false; location.reload(); })),
    );
    this.dialog.showModal();
  }

  async download() {
    const { xml } = await this.modeler.saveXML({ format: true });
    give(new Blob([xml], { type: 'application/xml' }), '我的改动.bpmn');
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
