import { reportHtml, reportJson, reportText, simulate } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { echo, errorOf } from './echoGame.ts'

const count = (text: string, part: string): number => text.split(part).length - 1

spec('reports', (it) => {
  it('are the same text for the same seed, but for their cost', async () => {
    const [one, other] = await Promise.all([simulate(echo()), simulate(echo())])
    for (const write of [reportText, reportJson, reportHtml])
      assert.is(write(one.report), write(other.report))
    const { report, cost } = await simulate({ ...echo(), wallClock: () => performance.now() })
    for (const write of [reportText, reportJson, reportHtml]) {
      assert.match(write(report), report.hash)
      assert.is.not(write(report), write(report, cost))
    }
    assert.match(reportText(report, cost), / × real time; a tick /)
    assert.match(reportHtml(report, cost), 'What a tick costs')
  })

  it('JSON has all of it', async () => {
    const { report, cost } = await simulate({ ...echo(), wallClock: () => 0 })
    const read = JSON.parse(reportJson(report, cost)) as { report: object; cost: object }
    assert.equal(read.cost, cost)
    assert.equal(read.report, JSON.parse(JSON.stringify(report)))
  })

  it('HTML has a row for each socket, plots, faults, and nothing from elsewhere', async () => {
    const faults = [{ atMs: 500, kind: 'cut', of: 'client 1', durationMs: 400 } as const]
    const { report } = await simulate({ ...echo(), faults })
    const html = reportHtml(report)
    assert.is(count(html, '<tr><td>'), 4)
    assert.is(count(html, '<svg '), 4)
    assert.is(count(html, '<rect class="cut"'), 4)
    assert.not.match(html, /<script|src=|href=|url\(|@import|NaN|undefined|Infinity/)
  })

  it('HTML says why a run failed, whatever the text is', async () => {
    const text = '<script>alert("a & b")</script>'
    const { report } = await errorOf(simulate(echo({ invariant: () => text })))
    const html = reportHtml(report)
    assert.match(html, '&lt;script&gt;alert(&quot;a &amp; b&quot;)&lt;/script&gt;')
    assert.not.match(html, '<script>')
    assert.match(reportText(report), `FAILED at tick 1 (0.017 s): ${text}`)
  })

  it('tell the first sockets in text, and how many more there are', async () => {
    const { report } = await simulate({
      ticks: 60,
      server: echo().server,
      clients: { count: 30, start: echo().clients!.start },
    })
    const text = reportText(report)
    assert.is(count(text, '\nclient '), 19)
    assert.match(text, /\n… and 11 more$/)
  })
})
