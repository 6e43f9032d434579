/** The close codes for a peer that breaks the protocol (RFC 6455 section 7.4.1). */
export const FaultCode = {
  protocol: 1002,
  /** Text that is not UTF-8. */
  text: 1007,
  /** Too many fragments. */
  policy: 1008,
  tooLarge: 1009,
} as const

export type FaultCode = (typeof FaultCode)[keyof typeof FaultCode]

/** Whether a close frame may have this code (RFC 6455 section 7.4, and its registry). */
export function isCloseCode(code: number): boolean {
  if (code >= 3_000) return code < 5_000
  return code >= 1_000 && code <= 1_014 && (code < 1_004 || code > 1_006)
}
