// Numbers, times and words as people read them.

/** `digits` significant digits, no more zeros than needed: 0.0312, 1.2e-5, 1,234. */
export function number(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return `${Number(mantissa)}e${Number(exponent)}`.replaceAll('-', '−');
  }
  const rounded = Number(value.toPrecision(digits));
  const text = size >= 1000 ? rounded.toLocaleString('en', {maximumSignificantDigits: 12}) : String(rounded);
  return text.replace('-', '−');
}

/** A whole number: 50,000. */
export function count(value) {
  return value.toLocaleString('en');
}

export function counted(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Seconds as the two largest units: 1h 30m, 45s, 0.12s. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${Number(seconds.toPrecision(2))}s`;
  if (seconds < 60) return `${Math.round(seconds)}s`;
  const units = [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const whole = Math.floor(seconds / units[first][1]);
  const rest = units[first + 1] ? Math.floor((seconds % units[first][1]) / units[first + 1][1]) : 0;
  return `${whole}${units[first][0]}${rest ? ` ${rest}${units[first + 1][0]}` : ''}`;
}

/** A share: 26 %, and <1 % for what is not quite nothing. */
export function percent(share) {
  if (share > 0 && share < 0.01) return '<1 %';
  return `${Math.round(100 * share)} %`;
}

/** A moment in UTC: 2026-11-24 08:15. */
export function moment(iso, length = 16) {
  return iso.slice(0, length).replace('T', ' ');
}

/** Any value of a parameter. */
export function valueText(value) {
  return typeof value === 'number' ? number(value) : String(value);
}

/** A name of at most so many characters: names of one kind differ at their ends, so the middle goes. */
export function shortened(text, most) {
  if (text.length <= most) return text;
  const end = Math.ceil((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}
