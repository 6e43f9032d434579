// The programs of the front page: the README's first server, and its client in GameMaker. The tests run them there.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMarkdownRenderer } from 'vitepress'

const { srcDir, markdown, site } = globalThis.VITEPRESS_CONFIG

export default {
  async load() {
    const md = await createMarkdownRenderer(srcDir, markdown, site.base)
    const text = readFileSync(join(srcDir, 'README.md'), 'utf8')
    const block = (language) => {
      const found = new RegExp(`^\`\`\`${language}\\n.*?^\`\`\`$`, 'ms').exec(text)
      if (found === null) throw new Error(`README.md has no ${language} for the front page`)
      return md.render(found[0])
    }
    return { server: block('ts'), client: block('gml') }
  },
}
