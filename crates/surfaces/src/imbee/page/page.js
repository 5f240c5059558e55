
"use strict";
(() => {
  const at = location.pathname.replace(/\/$/, "");
  const kept = "visit " + at;
  const [notice, start, log, form, text] = ["notice", "start", "log", "say", "text"].map((id) => document.getElementById(id));
  let visit = null; // { secret, conversationId, me }
  let drawn = []; // the messages shown, each as JSON
  let key = null; // the same for every try to send the same words

  // Storage may be forbidden; then a reload starts anew.
  const remember = (value) => { try { sessionStorage.setItem(kept, JSON.stringify(value)); } catch { /* not kept */ } };
  const forget = () => { try { sessionStorage.removeItem(kept); } catch { /* not kept */ } };
  const remembered = () => { try { return JSON.parse(sessionStorage.getItem(kept)); } catch { return null; } };

  async function ask(path, options) {
    const reply = await fetch(at + path, { cache: "no-store", ...options });
    const answer = await reply.json();
    if (answer.code !== 0) throw Object.assign(new Error(answer.message), { status: reply.status });
    return answer.body;
  }

  function line(message) {
    const item = document.createElement("li");
    item.className = message.type === "system" || !message.idsha ? "system" : message.idsha === visit.me ? "mine" : "theirs";
    if (message.type === "media" && /^https?:\/\//i.test(message.text)) {
      const link = document.createElement("a");
      Object.assign(link, { href: message.text, target: "_blank", rel: "noopener noreferrer", textContent: message.text });
      item.append(link);
    } else {
      item.textContent = message.text;
    }
    return item;
  }

  // Adds what is new; anything else, like an edited message, draws all again.
  function draw(history) {
    const lines = history.reverse();
    const wanted = lines.map((message) => JSON.stringify(message));
    if (!drawn.every((old, i) => old === wanted[i])) {
      log.replaceChildren();
      drawn = [];
    }
    const added = lines.slice(drawn.length).map(line);
    log.append(...added);
    drawn = wanted;
    if (added.length) added[added.length - 1].scrollIntoView({ block: "nearest" });
  }

  function over(why) {
    forget();
    visit = null;
    form.hidden = true;
    if (start) start.hidden = false;
    notice.textContent = why;
  }

  async function look() {
    const query = "?limit=100&conversationId=" + encodeURIComponent(visit.conversationId);
    draw((await ask("/history" + query, { headers: { "X-VISIT": visit.secret } })).history);
  }

  // Ends with its visit: another one polls for itself.
  async function poll(mine, first) {
    if (visit !== mine) return;
    try {
      await look();
      notice.textContent = "";
    } catch (e) {
      // At a first look back an ended visit leaves the page as it came.
      if (e.status === 401 || e.status === 200) return over(first ? notice.textContent : "This conversation is over.");
      notice.textContent = "The connection is lost. Trying again…";
    }
    if (first) {
      if (start) start.hidden = true;
      log.hidden = form.hidden = false;
    }
    setTimeout(poll, 2000, mine, false);
  }

  start?.addEventListener("click", async () => {
    start.disabled = true;
    try {
      const body = await ask("", { method: "POST" });
      visit = { secret: body.visit, conversationId: body.conversationId, me: body.contacts[0].idsha };
      remember(visit);
      await poll(visit, true);
      text.focus();
    } catch (e) {
      notice.textContent = e.status ? e.message : "The connection is lost. Please try again.";
    }
    start.disabled = false;
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = text.value;
    if (!visit || !said.trim()) return;
    const send = form.querySelector("button");
    send.disabled = true;
    key ??= Date.now() + "-" + Math.random();
    try {
      await ask("/message", {
        method: "POST",
        headers: { "X-VISIT": visit.secret, "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify({ conversationId: visit.conversationId, text: said }),
      });
      text.value = "";
      key = null;
      await look();
    } catch (e) {
      if (e.status === 401) over("This conversation is over.");
      else notice.textContent = e.status ? e.message : "Not sent. Please try again.";
    }
    send.disabled = false;
  });

  text.addEventListener("input", () => { key = null; });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  visit = remembered();
  if (visit) poll(visit, true);
})();
