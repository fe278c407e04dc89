// Exact decimals: a number as digits and a power of ten, so that money is never a float.

/** A decimal text as an exact number. */
export function exact(text) {
  const [whole, decimals = ""] = text.split(".");
  return { digits: BigInt(whole + decimals), scale: decimals.length };
}

export function times(one, count) {
  return { digits: one.digits * BigInt(count), scale: one.scale };
}

export function plus(one, other) {
  const scale = Math.max(one.scale, other.scale);
  return { digits: lifted(one, scale) + lifted(other, scale), scale };
}

export function less(one, other) {
  const scale = Math.max(one.scale, other.scale);
  return lifted(one, scale) < lifted(other, scale);
}

function lifted(one, scale) {
  return one.digits * 10n ** BigInt(scale - one.scale);
}

/** As decimal text, without zeros at the end. */
export function text({ digits, scale }) {
  const all = digits.toString().padStart(scale + 1, "0");
  const decimals = scale ? all.slice(-scale).replace(/0+$/, "") : "";
  const whole = scale ? all.slice(0, -scale) : all;
  return decimals ? `${whole}.${decimals}` : whole;
}

/** In cents, rounded half up; small sums keep two digits that say something. */
export function dollars(one) {
  const plain = text(one);
  const [whole, decimals = ""] = plain.split(".");
  const zeros = whole === "0" ? decimals.match(/^0*/)[0].length : 0;
  const places = whole === "0" ? Math.min(zeros + 3, 12) : 2;
  const scaled = lifted(one, Math.max(one.scale, places));
  const cut = 10n ** BigInt(Math.max(one.scale, places) - places);
  return text({ digits: (scaled + cut / 2n) / cut, scale: places }).replace(/^(\d+)(?:\.(\d*))?$/, (_, left, right = "") => `${left.replace(/\B(?=(\d{3})+$)/g, ",")}.${right.padEnd(2, "0")}`);
}
