// Takes the pictures of the arena in docs/pictures from the real page, while bots play:
//
//   node esbuild.mjs && node scripts/arena-pictures.mjs
//
// Needs Chromium; the environment variable CHROMIUM names another one than the one on the path.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { PNG } from 'pngjs'

// Its names cannot be imported where no bundler reads it.
const { default: gifenc } = await import('gifenc')
const { applyPalette, GIFEncoder, quantize } = gifenc

const folder = 'docs/pictures'
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }
/** The animated picture: its size, how long it shows, and how many of the 60 pictures a second it keeps. */
const film = { width: 800, height: 500, seconds: 6, everyNthFrame: 5 }
const scoreToWaitFor = 8

mkdirSync(folder, { recursive: true })
const server = spawn(process.execPath, ['build/demos/arena/main.js', '--port', '0', '--bots', '7'])
try {
  const url = await urlOf(server)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  for (const [name, viewport] of Object.entries(sizes))
    for (const colorScheme of ['light', 'dark'])
      await takePicture(browser, url, `arena-${name}-${colorScheme}`, viewport, colorScheme)
  await takeFilm(browser, url)
  await browser.close()
} finally {
  server.kill()
}

/** Resolves with the page's address as soon as the server prints it. */
function urlOf({ stdout }) {
  return new Promise((resolve) => {
    let printed = ''
    stdout.on('data', (chunk) => {
      printed += chunk
      const url = /http:\S+/.exec(printed)?.[0]
      if (url !== undefined) resolve(url)
    })
  })
}

/** Somebody who plays along in a page of their own. */
async function join(browser, url, options) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(`${url}?name=Sam`)
  await until(page, 'arena.me() !== undefined')
  return page
}

/** Waits until an expression is true in a page. */
async function until(page, condition) {
  while (!(await page.evaluate(`Boolean(${condition})`))) await page.waitForTimeout(20)
}

async function takePicture(browser, url, name, viewport, colorScheme) {
  const isPhone = viewport === sizes.phone
  const page = await join(browser, url, {
    viewport,
    colorScheme,
    hasTouch: isPhone,
    isMobile: isPhone,
    deviceScaleFactor: isPhone ? 2 : 1,
  })
  await until(page, `arena.players().some(({ score }) => score >= ${scoreToWaitFor})`)
  await until(page, `/\\d/.test(document.querySelector('#latency').textContent)`)
  await page.screenshot({ path: `${folder}/${name}.png` })
  console.log(`${folder}/${name}.png`)
  await page.context().close()
}

async function takeFilm(browser, url) {
  const page = await join(browser, url, { viewport: sizes.desktop, colorScheme: 'dark' })
  const frames = []
  const session = await page.context().newCDPSession(page)
  session.on('Page.screencastFrame', ({ data, sessionId, metadata }) => {
    frames.push({ time: metadata.timestamp, png: Buffer.from(data, 'base64') })
    void session.send('Page.screencastFrameAck', { sessionId })
  })
  const { width: maxWidth, height: maxHeight, everyNthFrame } = film
  await session.send('Page.startScreencast', { format: 'png', maxWidth, maxHeight, everyNthFrame })
  const end = Date.now() + film.seconds * 1000
  while (Date.now() < end) await steer(page)
  await session.send('Page.stopScreencast')
  const gif = encodeGif(frames)
  writeFileSync(`${folder}/arena.gif`, gif)
  console.log(`${folder}/arena.gif: ${frames.length} frames, ${Math.round(gif.length / 1024)} KiB`)
  await page.context().close()
}

/** Holds the keys towards the middle of the field, with a turn to one side, and dashes. */
async function steer(page) {
  const { x, y } = await page.evaluate('arena.me()')
  const keys = [
    [x < 800 ? 'ArrowRight' : 'ArrowLeft', y < 450 ? 'ArrowUp' : 'ArrowDown'],
    [x < 800 ? 'ArrowRight' : 'ArrowLeft', y < 450 ? 'ArrowDown' : 'ArrowUp'],
  ][Math.floor(Date.now() / 1500) % 2]
  for (const key of [...keys, 'Space']) await page.keyboard.down(key)
  await page.waitForTimeout(350)
  for (const key of [...keys, 'Space']) await page.keyboard.up(key)
}

/** One palette for all frames; of each frame only what has changed since the one before. */
function encodeGif(frames) {
  const images = frames.map(({ png }) => PNG.sync.read(png))
  const { width, height } = images[0]
  const samples = [0, 0.25, 0.5, 0.75].map((at) => images[Math.floor(at * images.length)].data)
  const palette = quantize(Buffer.concat(samples), 255)
  const unchanged = palette.length
  const colours = [...palette, [0, 0, 0]]
  const encoder = GIFEncoder()
  let before
  for (const [index, { data }] of images.entries()) {
    const pixels = applyPalette(data, palette)
    const drawn = pixels.map((colour, at) => (before?.[at] === colour ? unchanged : colour))
    const next = frames[index + 1]?.time ?? frames[index].time + 0.1
    encoder.writeFrame(drawn, width, height, {
      ...(index === 0 ? { palette: colours } : {}),
      delay: (next - frames[index].time) * 1000,
      transparent: true,
      transparentIndex: unchanged,
      dispose: 1,
    })
    before = pixels
  }
  encoder.finish()
  return encoder.bytes()
}
