import * as assert from 'uvu/assert'
import { findChromium } from '../../interop/programs.ts'
import { specWith } from '../../lib/specWith.ts'
import { ArenaBrowser, type ArenaPage } from './ArenaBrowser.ts'

/**
 * Presses a key in one page, and waits until another shows that player moving. Either way, since a ship may be at a wall.
 * The key is still down then.
 */
async function setsOut(one: ArenaPage, other: ArenaPage, name: string): Promise<string> {
  await one.page.evaluate(`document.querySelector('canvas').focus()`)
  const before = await other.xOf(name)
  const [key, isThere] =
    before > 800 ? ['ArrowLeft', `< ${before} - 100`] : ['d', `> ${before} + 100`]
  await one.page.keyboard.down(key)
  await other.until(`arena.players().find(({ name }) => name === '${name}').x ${isThere}`)
  return key
}

async function moves(one: ArenaPage, other: ArenaPage, name: string): Promise<void> {
  await one.page.keyboard.up(await setsOut(one, other, name))
}

/** Whether the chat shows a text. */
function heard(text: string): string {
  return `document.querySelector('#chat-log').textContent.includes('${text}')`
}

specWith(findChromium(), 'the arena in Chromium', (it, chromium) => {
  it('lets two pages play against each other and against bots', () =>
    ArenaBrowser.with(chromium, 2, async (arena) => {
      const ann = await arena.visit('?name=Ann')
      const bo = await arena.visit()
      await bo.untilState('naming')
      await bo.page.fill('#name', 'Bo')
      await bo.page.keyboard.press('Enter')
      for (const page of [ann, bo]) {
        await page.untilState('playing')
        await page.until('arena.me() && arena.players().length === 4')
      }
      await moves(ann, bo, 'Ann')
      await moves(bo, ann, 'Bo')

      for (const page of [ann, bo]) {
        await page.until(`document.querySelectorAll('#scores li[data-player]').length === 4`)
        const scores = await page.text('#scores')
        for (const name of ['Ann', 'Bo', 'Ada', 'Grace']) assert.match(scores, name)
        await page.until(
          `[...document.querySelectorAll('#scores li')].some((li) => /[1-9]/.test(li.textContent))`,
        )
        await page.until(`/\\d/.test(document.querySelector('#latency').textContent)`)
      }

      await ann.page.keyboard.press('Enter')
      await ann.page.keyboard.type('hello from w, a, s and d')
      await ann.page.keyboard.press('Enter')
      await bo.until(heard('hello from w, a, s and d'))
      await bo.until(heard('Hello, Bo!'))
      assert.equal([...ann.errors, ...bo.errors], [])
    }))

  it('plays on over a bad line that is chosen in the page', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const ann = await arena.visit('?name=Ann&line=3g')
      const bo = await arena.visit('?name=Bo')
      for (const page of [ann, bo]) await page.until('arena.me() && arena.players().length === 2')
      const latency = `Number.parseInt(document.querySelector('#latency').textContent)`
      const choose = (line: string): Promise<void> =>
        ann.page.evaluate(`(() => {
          const select = document.querySelector('#line')
          select.value = '${line}'
          select.dispatchEvent(new Event('change'))
        })()`)
      await ann.until(`${latency} >= 240`)
      await moves(ann, bo, 'Ann')
      await choose('satellite')
      await ann.until(`${latency} >= 580`)
      await moves(ann, bo, 'Ann')
      await moves(bo, ann, 'Bo')
      await choose('perfect')
      await ann.until(`${latency} < 240`)
      assert.ok(await bo.page.evaluate(`${latency} < 240`))
      assert.equal([...ann.errors, ...bo.errors], [])
    }))

  it('says that the connection is lost, and plays on when the server is back', () =>
    ArenaBrowser.with(chromium, 2, async (arena) => {
      const ann = await arena.visit('?name=Ann')
      const bo = await arena.visit('?name=Bo')
      for (const page of [ann, bo]) await page.until('arena.me() && arena.players().length === 4')
      await arena.killServer()
      for (const page of [ann, bo]) {
        await page.untilState('lost')
        assert.match(await page.text('#status'), /connection lost/i)
      }
      await arena.restartServer()
      for (const page of [ann, bo]) {
        await page.untilState('playing')
        await page.until('arena.me() && arena.players().length === 4')
      }
      await moves(ann, bo, 'Ann')
      assert.equal([...ann.errors, ...bo.errors], [])
    }))

  it('notices a server that hangs', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const ann = await arena.visit('?name=Ann')
      await ann.untilState('playing')
      arena.stopServer()
      await ann.untilState('lost')
      arena.continueServer()
      await ann.untilState('playing')
      await ann.until('arena.me() !== undefined')
      assert.equal(ann.errors, [])
    }))

  it('says that there is no network, and plays on when there is', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const ann = await arena.visit('?name=Ann')
      await ann.untilState('playing')
      await ann.context.setOffline(true)
      await arena.killServer()
      await ann.untilState('lost')
      await ann.until(`/offline/i.test(document.querySelector('#status').textContent)`)
      await arena.restartServer()
      await ann.context.setOffline(false)
      await ann.untilState('playing')
      await ann.until('arena.me() !== undefined')
      assert.equal(
        ann.errors.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
        [],
      )
    }))

  it('stops the ship of a page that is hidden while a key is down', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const ann = await arena.visit('?name=Ann')
      const bo = await arena.visit('?name=Bo')
      for (const page of [ann, bo]) await page.until('arena.me() && arena.players().length === 2')
      await setsOut(ann, bo, 'Ann')
      // What a browser does with a page whose tab is left: first there are no more frames.
      await ann.page.evaluate(`new Promise((resolve) => {
        const { requestAnimationFrame } = window
        window.requestAnimationFrame = () => 0
        requestAnimationFrame(() => requestAnimationFrame(resolve))
      })`)
      await ann.page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: true })
        window.dispatchEvent(new Event('blur'))`)
      const speed = `arena.players().find(({ name }) => name === 'Ann').speed`
      await bo.until(`${speed} < 5`)
      const x = await bo.xOf('Ann')
      assert.ok(x > 100 && x < 1500, `it went on to the wall at ${x}`)
      assert.equal([...ann.errors, ...bo.errors], [])
    }))

  it('tells a page of another version to reload', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const old = await arena.prepare()
      // The join message of an older page: 12 bytes of header, id 1, then its version.
      await old.page.routeWebSocket(/\/arena$/, (socket) => {
        const server = socket.connectToServer()
        socket.onMessage((message) => {
          if (typeof message !== 'string' && message.length > 13 && message[12] === 1)
            message[13] = 0
          server.send(message)
        })
      })
      await old.page.goto(`${arena.url}?name=Old`)
      await old.untilState('refused')
      assert.match(await old.text('#status'), /another version.*reload/i)
      assert.equal(old.errors, [])
    }))

  it('is played by touch on a phone', () =>
    ArenaBrowser.with(chromium, 0, async (arena) => {
      const phone = await arena.visit('', {
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      })
      await phone.untilState('naming')
      await phone.page.fill('#name', 'Pia')
      await phone.page.tap('#join button')
      await phone.until('arena.me() !== undefined')
      const x = await phone.xOf('Pia')
      const to = x > 800 ? -40 : 40
      await phone.page.evaluate(`(() => {
        const stick = document.querySelector('#stick')
        const { left, top, width, height } = stick.getBoundingClientRect()
        const [x, y] = [left + width / 2, top + height / 2]
        const send = (type, dx) => stick.dispatchEvent(new PointerEvent(type, {
          pointerId: 1, pointerType: 'touch', isPrimary: true, bubbles: true, cancelable: true,
          clientX: x + dx, clientY: y }))
        send('pointerdown', 0)
        send('pointermove', ${to})
      })()`)
      await phone.until(`Math.abs(arena.me().x - ${x}) > 100`)
      assert.equal(phone.errors, [])
    }))
})
