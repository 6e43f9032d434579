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

/** Checks a sub-protocol's name: a token of HTTP (RFC 6455 section 4.1), or empty for none. */
export function checkProtocol(where: string, name: string, value: unknown): void {
  if (typeof value !== 'string' || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/.test(value))
    throw wrongType(where, name, 'a sub-protocol name without spaces', value)
}

/** Checks a certificate, or a key, in PEM. */
export function checkPem(where: string, name: string, value: unknown): void {
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw wrongType(where, name, 'a text or bytes in PEM', value)
}
