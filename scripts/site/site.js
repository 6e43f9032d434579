// The little that moves: the menu of narrow pages, the search, copying of code. Every page can be read without it.

const all = (selector) => [...document.querySelectorAll(selector)]
const one = (selector) => document.querySelector(selector)

foldMenu()
offerCopies()
followOutline()
search(one('#search'), one('#results'))
keepScrollersReachable()
addEventListener('resize', keepScrollersReachable)

/** Narrow pages: the button shows and hides the menu. */
function foldMenu() {
  const button = one('.fold')
  const set = (isOpen) => {
    button.setAttribute('aria-expanded', String(isOpen))
    document.body.classList.toggle('menu-open', isOpen)
  }
  button.addEventListener('click', () => set(button.getAttribute('aria-expanded') !== 'true'))
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return
    set(false)
    button.focus()
  })
  one('.menu [aria-current]')?.scrollIntoView({ block: 'nearest' })
}

/** What can be scrolled sideways can be reached by keyboard; what cannot is no stop on the way. */
function keepScrollersReachable() {
  for (const box of all('pre, .table, .listing')) {
    if (box.closest('.listing') !== null && box.matches('pre')) continue
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
    else box.removeAttribute('tabindex')
  }
}

function offerCopies() {
  if (navigator.clipboard === undefined) return
  for (const box of all('.code:has(.language)')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(box.querySelector('code').textContent)
        button.textContent = 'Copied'
      } catch {
        button.textContent = 'Not copied'
      }
      setTimeout(() => (button.textContent = 'Copy'), 2000)
    })
    box.append(button)
  }
}

/** Marks in the outline which part is being read. */
function followOutline() {
  const links = new Map(all('.outline a').map((link) => [link.hash.slice(1), link]))
  if (links.size === 0) return
  const headings = [...links.keys()].map((id) => document.getElementById(decodeURIComponent(id)))
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 140)
    const current = passed.at(-1) ?? headings[0]
    for (const [id, link] of links) {
      if (decodeURIComponent(id) !== current.id) link.removeAttribute('aria-current')
      else if (!link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true')
        link.scrollIntoView({ block: 'nearest' })
      }
    }
  }
  addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true })
  mark()
}

function search(input, panel) {
  const status = panel.querySelector('[role=status]')
  const list = panel.querySelector('ul')
  const { up } = document.body.dataset
  let index

  /** The index comes when somebody means to search. */
  function load() {
    index ??= new Promise((resolve) => {
      const script = document.createElement('script')
      script.src = `${up}/assets/search-index.js`
      script.addEventListener('load', () => resolve(globalThis.siteIndex))
      script.addEventListener('error', () => resolve([]))
      document.head.append(script)
    })
    return index
  }

  async function show() {
    const words = plain(input.value.trim()).split(/\s+/)
    const entries = await load()
    if (words[0] === '') return hide()
    const found = entries
      .map((entry) => ({ entry, rank: rankOf(entry, words) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => b.rank - a.rank)
    status.textContent = found.length === 0 ? 'Nothing found' : `${found.length} found`
    list.replaceChildren(...found.slice(0, 20).map(({ entry }) => rowOf(entry, words)))
    panel.hidden = false
  }

  function rowOf([title, address, where, isName, text], words) {
    const [row, link, place] = ['li', 'a', 'span'].map((tag) => document.createElement(tag))
    const name = document.createElement(isName ? 'code' : 'strong')
    name.textContent = title
    place.textContent = where
    link.href = `${up}/${address}`
    link.append(name, place)
    if (words.some((word) => !plain(`${title} ${where}`).includes(word)))
      link.append(excerpt(text, words))
    link.addEventListener('click', hide)
    row.append(link)
    return row
  }

  function hide() {
    panel.hidden = true
  }

  /** Up and down go through the input and what was found. */
  function move(step, event) {
    const stops = [input, ...list.querySelectorAll('a')]
    const next = stops[stops.indexOf(document.activeElement) + step]
    if (panel.hidden || next === undefined) return
    event.preventDefault()
    next.focus()
  }

  const box = input.parentElement
  input.addEventListener('focus', load)
  input.addEventListener('input', show)
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(1, event)
    else if (event.key === 'ArrowUp') move(-1, event)
    else if (event.key === 'Enter' && event.target === input) list.querySelector('a')?.click()
    else if (event.key === 'Escape') {
      input.focus()
      hide()
    }
  })
  addEventListener('click', ({ target }) => {
    if (!box.contains(target)) hide()
  })
  addEventListener('focusin', ({ target }) => {
    if (!box.contains(target)) hide()
  })
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target === input) return
    event.preventDefault()
    input.focus()
  })
}

/** Text for comparing: without capitals, and one word with or without a hyphen. */
function plain(text) {
  return text.toLowerCase().replaceAll('-', '')
}

/** Finds a plain word in text that is not. */
function withHyphens(word) {
  return new RegExp(Array.from(word, (letter) => letter.replace(/\W/, '\\$&')).join('-?'), 'i')
}

/** The part of a text where the first of the words stands that is in it. */
function excerpt(text, words) {
  const around = 60
  const box = document.createElement('small')
  const found = words.map((word) => text.search(withHyphens(word)))
  const at = found.find((index) => index >= 0) ?? 0
  const start = at < around ? 0 : text.indexOf(' ', at - around) + 1
  const part = text.slice(start, at + around)
  const end = at + around < text.length ? part.lastIndexOf(' ') : part.length
  box.textContent = `${start > 0 ? '… ' : ''}${part.slice(0, end)}${end < part.length ? ' …' : ''}`
  return box
}

/** 0 for what has not all words; the more, the better it fits. What only the text has comes last. */
function rankOf([title, , where, isName, text], words) {
  const name = plain(title)
  const place = `${name} ${plain(where)}`
  const [first] = words
  const whole = words.join(' ')
  if (name === whole) return 100 + isName
  if (name.startsWith(whole)) return 80 - Math.min(name.length, 60) / 10 + isName
  if (name.includes(whole)) return 60 - Math.min(name.length, 60) / 10 + 10 * isName
  if (words.every((word) => name.includes(word))) return 40 + isName
  if (words.every((word) => place.includes(word))) return name.includes(first) ? 20 : 10
  const all = `${place} ${plain(text)}`
  if (all.includes(whole)) return 5
  return words.every((word) => all.includes(word)) ? 1 : 0
}
