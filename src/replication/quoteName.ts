/** A name in the canonical text of a schema: as it is, or in quotes if something in it could be taken for the text's own signs. */
export function quoteName(name: string): string {
  return /^[\w$.-]+$/.test(name) ? name : JSON.stringify(name)
}
