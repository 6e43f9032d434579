// Checks of what callers pass in. Each message names function, argument, expectation and value.

import { networkErrorName } from '../constants/NetworkError.ts'
import { isObject } from './isObject.ts'

/** Throws a `TypeError` or `RangeError` unless `value` is an integer in `min..max`. */
export function checkInteger(
  where: string,
  name: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return
  const wrong = typeof value === 'number' ? outOfRange : wrongType
  throw wrong(where, name, `an integer in ${min}..${max}`, value)
}

/** The error for an argument of the wrong type. */
export function wrongType(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): TypeError {
  return new TypeError(`${where}: ${name} must be ${expected}, got ${show(value)}`)
}

/** The error for an argument of the right type with a value that is not taken. */
export function outOfRange(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): RangeError {
  return new RangeError(wrongType(where, name, expected, value).message)
}

/** Throws a `TypeError` unless `host` is a text that is not empty. */
export function checkHost(where: string, host: unknown): asserts host is string {
  if (typeof host !== 'string' || host === '')
    throw wrongType(where, 'host', 'a name or an address', host)
}

/** The error for what should be an entity: it may be the result of a call that has failed. */
export function wrongEntity(
  where: string,
  name: string,
  expected: string,
  value: unknown,
): TypeError {
  const error = wrongType(where, name, expected, value)
  const failure = failureOf(value)
  if (failure !== undefined) error.message += `, ${failure}`
  return error
}

/** For messages: what a value is that a call has returned because it failed; `undefined` for any other. */
export function failureOf(value: unknown): string | undefined {
  const name = typeof value === 'number' ? networkErrorName(value) : undefined
  return name && `NetworkError.${name}: what returned it has failed`
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return isObject(value) && Symbol.iterator in value
}

/** A short text for any value, safe to put into a message. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (isObject(value)) {
    const name: unknown = Object.getPrototypeOf(value)?.constructor?.name
    return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object'
  }
  if (typeof value === 'bigint') return `${value}n`
  return String(value)
}
