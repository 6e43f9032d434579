// What GameMaker writes in JSON for values that JSON has no type for; the table stands in src/gml/ds/dsMapJson.ts.

import { checkWidth } from './nesting.ts'

/** A number, or the text for one that JSON does not have. */
export function numberToJson(value: number): number | string {
  if (Number.isNaN(value)) return '@@nan$$'
  if (Number.isFinite(value)) return value
  return value > 0 ? '@@infinity$$' : '@@-infinity$$'
}

/** A number if it holds the bigint exactly, otherwise a text. Throws a `RangeError` above 64 bits. */
export function bigintToJson(where: string, value: bigint): number | string {
  checkWidth(where, value)
  const real = Number(value)
  return BigInt(real) === value ? real : `@i64@${BigInt.asUintN(64, value).toString(16)}$i64$`
}

/** The value that a text in JSON stands for: itself, if it is not one of GameMaker's. */
export function stringFromJson(text: string): string | number | bigint {
  if (text === '@@nan$$') return Number.NaN
  if (text === '@@infinity$$') return Infinity
  if (text === '@@-infinity$$') return -Infinity
  const digits = /^@i64@([0-9a-f]{1,16})\$i64\$$/i.exec(text)?.[1]
  return digits === undefined ? text : BigInt.asIntN(64, BigInt(`0x${digits}`))
}
