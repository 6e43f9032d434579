// Checks of the values of options, for tables of `checkOptions`. A table that calls them says that the calls are pure: a bundler
// drops it then, with the functions that it is for.

import { checkInteger, wrongType } from './argumentErrors.ts'
import { type OptionCheck } from './checkOptions.ts'
import { isBytes } from './isBytes.ts'

const intMax = 2 ** 31 - 1

/** Integers from `min` to `max`. */
export function integerIn(min: number, max: number = intMax): OptionCheck {
  return (where, name, value) => checkInteger(where, name, value, min, max)
}

/** Integers from `min` to `max`, and `Infinity` for no limit. */
export function limitIn(min: number, max: number = intMax): OptionCheck {
  return (where, name, value) => {
    if (value !== Infinity) checkInteger(where, name, value, min, max)
  }
}

export const checkBoolean: OptionCheck = (where, name, value) => {
  if (typeof value !== 'boolean') throw wrongType(where, name, 'true or false', value)
}

export const checkFunction: OptionCheck = (where, name, value) => {
  if (typeof value !== 'function') throw wrongType(where, name, 'a function', value)
}

export const checkClock: OptionCheck = (where, name, value) => {
  const { now, setTimer, setTurn } = Object(value) as Record<string, unknown>
  const isClock = typeof now === 'function' && typeof setTimer === 'function'
  if (!isClock || (setTurn !== undefined && typeof setTurn !== 'function'))
    throw wrongType(where, name, 'a Clock', value)
}

/** One of three texts. */
export function oneOf(first: string, second: string, third: string): OptionCheck {
  return (where, name, value) => {
    if (value !== first && value !== second && value !== third)
      throw wrongType(where, name, `'${first}', '${second}' or '${third}'`, value)
  }
}

/** A policy for malformed bytes. */
export const checkPolicy: OptionCheck = /* @__PURE__ */ oneOf('discard', 'raw', 'close')

/** A sub-protocol's name: a token of HTTP (RFC 6455 section 4.1), or empty for none. */
export const checkProtocol: OptionCheck = (where, name, value) => {
  if (typeof value !== 'string' || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/.test(value))
    throw wrongType(where, name, 'a sub-protocol name without spaces', value)
}

/** A certificate, or a key, in PEM. */
export const checkPem: OptionCheck = (where, name, value) => {
  if (typeof value !== 'string' && !isBytes(value))
    throw wrongType(where, name, 'a text or bytes in PEM', value)
}
