// The little of SVG that the plots need.

/** Mid-tones, readable on white and on black: a picture of a page does not know the page's colours. */
export const colors = { text: '#7d838c', line: '#9aa0a8', own: '#3b82f6', other: '#8b919a' }

export const fontSize = 13

type Attributes = Readonly<Record<string, string | number>>

/** An element; numbers are rounded to a tenth. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === 'number' ? String(Math.round(value * 10) / 10) : value
    return ` ${key}="${text}"`
  })
  return content === ''
    ? `<${name}${list.join('')}/>`
    : `<${name}${list.join('')}>${content}</${name}>`
}

/** A line of text. */
export function text(x: number, y: number, content: string, more: Attributes = {}): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return tag('text', { x, y, fill: colors.text, ...more }, safe)
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, more: Attributes): string {
  return tag('line', { x1, y1, x2, y2, ...more })
}

/** The whole file. */
export function picture(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  const head = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': 'system-ui, sans-serif',
    'font-size': fontSize,
    role: 'img',
  }
  const heading = text(0, 16, title, { 'font-weight': 600, 'font-size': fontSize + 1 })
  return `${tag('svg', head, `\n${[heading, ...parts].join('\n')}\n`)}\n`
}

/** Round values from 0 to at least `max`, four or five of them. */
export function ticksTo(max: number): readonly number[] {
  const rough = max / 4
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = unit * ([1, 2, 2.5, 5, 10].find((factor) => factor * unit >= rough) ?? 10)
  const ticks: number[] = [0]
  // Rounded, because 3 * 0.1 is not 0.3.
  while ((ticks.at(-1) ?? 0) < max) ticks.push(Number((ticks.length * step).toPrecision(6)))
  return ticks
}
