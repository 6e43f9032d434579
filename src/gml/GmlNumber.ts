/**
 * What GameMaker code passes as a number: a number; `true` or `false`, which are 1 and 0; an int64, here a bigint; or a
 * string with a decimal number in it, such as `'6510'` or `' -1.5e3 '`. A variable of type `string` is not one of them: convert
 * it with `Number`.
 *
 * Functions throw a `TypeError` for everything else, and a `RangeError` for a bigint outside
 * -9007199254740991..9007199254740991.
 */
export type GmlNumber = number | bigint | boolean | `${number}`
