import { checkInteger, wrongType } from '../errors/argumentErrors.ts'

const policies = ['discard', 'raw', 'close']

/** Checks a message size limit. */
export function checkBytesMax(where: string, value: unknown): void {
  checkInteger(where, 'messageBytesMax', value, 0, 2 ** 31 - 1)
}

/** Checks a policy for malformed bytes. */
export function checkPolicy(where: string, value: unknown): void {
  if (typeof value !== 'string' || !policies.includes(value))
    throw wrongType(where, 'malformed', "'discard', 'raw' or 'close'", value)
}
