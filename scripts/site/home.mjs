// The home page: the README, its beginning set apart, with ways into the documentation.
import { escape } from './html.mjs'

/** Messages arrive at any time; the tick hands them out. Only for the eye. */
function picture() {
  const ticks = Array.from({ length: 9 }, (_, index) => 24 + index * 88)
  const arrivals = [
    50, 62, 92, 131, 178, 232, 240, 251, 318, 340, 391, 425, 470, 488, 560, 611, 622, 690,
  ]
  const marks = ticks.map((x) => `<path class="tick" d="M${x} 92v-20"/>`)
  const messages = arrivals.map((x, index) => {
    const tick = ticks.find((at) => at > x)
    const y = 12 + ((index * 7) % 4) * 9
    return `<path class="way" d="M${x} ${y}C${x} 66 ${tick} 44 ${tick} 70"/><circle cx="${x}" cy="${y}" r="3.5"/>`
  })
  return `<svg class="ticks" viewBox="0 0 752 100" aria-hidden="true"><path class="line" d="M0 92h752"/>${marks.join('')}${messages.join('')}</svg>`
}

/**
 * @param {string} html of the README
 * @param {{ address: string, label: string, text: string }[]} cards
 */
export function renderHome(html, cards) {
  const end = html.indexOf('<h2')
  const lead = html.indexOf('</p>') + 4
  const items = cards.map(
    ({ address, label, text }) =>
      `<li><a href="${escape(address)}">${escape(label)}</a><span>${escape(text)}</span></li>\n`,
  )
  const hero = `${html.slice(0, lead)}${picture()}${html.slice(lead, end)}`
  const ways = `<ul class="cards">${items.join('')}</ul>`
  return `<div class="hero">\n${hero}</div>\n${ways}\n${html.slice(end)}`
}
