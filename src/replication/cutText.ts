import { utf8Size } from '../buffer/utf8.ts'

/** A text of at most so many bytes in UTF-8: a longer one is cut between characters. A lone surrogate becomes U+FFFD. */
export function cutText(text: string, bytesMax: number): string {
  const whole = /\p{Surrogate}/u.test(text) ? text.replaceAll(/\p{Surrogate}/gu, '\ufffd') : text
  if (whole.length * 3 <= bytesMax || utf8Size(whole) <= bytesMax) return whole
  let kept = ''
  let size = 0
  for (const character of whole) {
    size += utf8Size(character)
    if (size > bytesMax) return kept
    kept += character
  }
  return kept
}
