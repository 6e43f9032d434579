/** The whole number that an option of the command line names. Throws an error with a message for the user. */
export function numberIn(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(`--${name} must be a whole number in ${min}..${max}, got ${JSON.stringify(text)}`)
}
