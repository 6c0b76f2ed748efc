// What stands beside a figure: the same cell in other periods, the year to date, and the plans' targets (pure).
import { format } from "./numbers.js";

/** The periods of this year before this one, in order: of a monthly form the months since January. */
export function earlierMonths(pkg) {
  if (!months.has(pkg)) {
    const year = pkg.period.text.slice(0, 4);
    months.set(pkg, Object.keys(pkg.past).filter((text) => text.startsWith(`${year}-`) && text < pkg.period.text).sort());
  }
  return months.get(pkg);
}
const months = new WeakMap();

/**
 * The year to date of one cell: {value, months} with the months that hold a count; `value` null where none does. A
 * flow adds up; a stock shows its latest count. `current` is what stands in the cell now.
 */
export function yearToDate(pkg, row, current) {
  const counts = earlierMonths(pkg).map((month) => pkg.past[month][row.cell]).concat([current]).filter(isCount);
  if (!counts.length) return { value: null, months: 0 };
  const value = row.stock ? counts[counts.length - 1] : counts.reduce((sum, count) => sum + count, 0);
  return { value, months: counts.length };
}

/**
 * Where a target stands with what is typed: {value, numerator, denominator, verdict}. A month counts where every cell
 * of the yardstick holds a count. Flows add numerators and denominators and divide last; a stock is its latest month.
 * A zero denominator, or no month, is no value. Without denominator cells the value is the sum times the factor.
 */
export function measure(pkg, yardstick, values) {
  const months = [...earlierMonths(pkg).map((month) => pkg.past[month]), values];
  const cells = [...yardstick.numerator, ...yardstick.denominator].map(([cell]) => cell);
  const complete = months.filter((month) => cells.every((cell) => isCount(month[cell])));
  const counted = yardstick.timing === "stock" ? complete.slice(-1) : complete;
  const numerator = total(counted, yardstick.numerator);
  const denominator = yardstick.denominator.length ? total(counted, yardstick.denominator) : 1;
  const none = !counted.length || denominator === 0;
  const value = none ? null : (numerator * yardstick.factor) / denominator;
  return { value, numerator, denominator, isRate: yardstick.denominator.length > 0, months: counted.length, holds: holds(value, yardstick.target) };
}

/** Whether a value keeps a target, null where either is missing or the operator is not one of these. */
export function holds(value, target) {
  if (value === null || !target || target.value === null || target.value === undefined) return null;
  const below = value <= target.value, above = value >= target.value;
  if (target.upper !== null && target.upper !== undefined) return above && value <= target.upper;
  return { ">=": above, ">": value > target.value, "<=": below, "<": value < target.value, "=": above && below }[target.operator] ?? null;
}

/** The yardsticks whose value a cell moves. */
export const yardsticksOf = (pkg, cell) =>
  (pkg.yardsticks || []).filter((one) => [...one.numerator, ...one.denominator].some(([name]) => name === cell));

/** "92,6%", "18 /100.000 trẻ đẻ sống": signs stand close, words apart. */
export function withUnit(value, yardstick) {
  const text = format(value, yardstick.decimals || 0);
  return /^[%‰]/.test(yardstick.unit || "") ? text + yardstick.unit : [text, yardstick.unit].filter(Boolean).join(" ");
}

const isCount = (state) => typeof state === "number";
const total = (months, terms) =>
  months.reduce((sum, month) => sum + terms.reduce((part, [cell, factor]) => part + factor * month[cell], 0), 0);
