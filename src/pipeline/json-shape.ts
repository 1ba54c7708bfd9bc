import { draftLimits, type DraftShape } from './draft-limits.ts';
import type { JsonValue } from './event.ts';
import { shownName } from './field-error.ts';

/** What breaks a rule of shape in `value`, as `place: rule; got …`, or undefined. Looks no deeper than the limit, so
 *  that no input can exhaust the stack. `checkText` is left off when the JSON text had no `\u` escape: bytes that are
 *  valid UTF-8 hold no lone surrogate. */
export function findShapeFault(
  value: JsonValue,
  checkText: boolean,
  shape: DraftShape = draftLimits,
): string | undefined {
  return faultIn(value, 'event', 1, { checkText, shape });
}

interface Rules {
  readonly checkText: boolean;
  readonly shape: DraftShape;
}

function faultIn(value: JsonValue, place: string, depth: number, rules: Rules): string | undefined {
  if (typeof value === 'string') {
    return rules.checkText && !value.isWellFormed()
      ? `${place}: must be well-formed text; got a lone surrogate`
      : undefined;
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : `${place}: must be a number below 1.8e308; got a larger one`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > rules.shape.maxDepth) {
    return `${place}: must be nested at most ${String(rules.shape.maxDepth)} deep; got deeper`;
  }
  return Array.isArray(value)
    ? faultInArray(value, place, depth, rules)
    : faultInObject(value as Record<string, JsonValue>, place, depth, rules);
}

function faultInArray(items: readonly JsonValue[], place: string, depth: number, rules: Rules) {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as JsonValue;
    if (typeof item === 'boolean' || item === null) continue;
    const fault = faultIn(item, `${place}[${String(index)}]`, depth + 1, rules);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInObject(fields: Readonly<Record<string, JsonValue>>, place: string, depth: number, rules: Rules) {
  const { maxNames } = rules.shape;
  const names = Object.keys(fields);
  if (names.length > maxNames) {
    return `${place}: must have at most ${String(maxNames)} names; got ${String(names.length)}`;
  }
  for (const name of names) {
    if (rules.checkText && !name.isWellFormed()) return `${place}: must have well-formed names; got a lone surrogate`;
    const inner = fields[name] as JsonValue;
    if (isAlwaysFine(inner, rules.checkText)) continue;
    const fault = faultIn(inner, depth === 1 ? shownName(name) : `${place}.${shownName(name)}`, depth + 1, rules);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Most fields: nothing to look into. */
function isAlwaysFine(value: JsonValue, checkText: boolean): boolean {
  return typeof value === 'boolean' || value === null || (typeof value === 'string' && !checkText);
}
