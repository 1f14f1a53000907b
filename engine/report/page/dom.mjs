// Elements made of plain values. Text only ever becomes a text node, so no study's text is markup.

/** An element; `attributes` starting with `on` are listeners, those that are null or false absent. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text in which `words between backticks` are code. */
export function prose(text) {
  return text.split('`').map((part, i) => (i % 2 ? h('code', {}, part) : part));
}

const listening = new Set();

/** Does `task` at each event of a window or document for as long as the element is in the page. */
export function whileShown(element, target, event, task) {
  target.addEventListener(event, task);
  listening.add({element, target, event, task});
}

/** Takes leave of what is no longer in the page. */
export function sweep() {
  for (const one of listening) {
    if (one.element.isConnected) continue;
    one.target.removeEventListener(one.event, one.task);
    listening.delete(one);
  }
}

/** Runs once before the next frame, however often it was asked for. */
export function once(task) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      task();
    });
  };
}
