/** Whether to print in colours: `FORCE_COLOR` decides, then `NO_COLOR` (no-color.org), then what is printed to. */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  const no = env['NO_COLOR']
  if (no !== undefined && no !== '') return false
  return isTerminal && env['TERM'] !== 'dumb'
}
