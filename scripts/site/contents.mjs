// The order in which the documents stand in the menu. Every document stands here once.

/**
 * A section names its documents, or an index: a document that links to the others of its folder, in their order.
 *
 * `label` is what the menu says, where the document's title is too long for it; `card` is a line on the home page.
 *
 * @type {{ title: string, index?: string, documents?: { path: string, label?: string, card?: string }[] }[]}
 */
export const contents = [
  {
    title: 'Start',
    documents: [
      { path: 'README.md', label: 'Overview' },
      {
        path: 'docs/first-steps.md',
        card: 'A server and two players, from an empty folder, step by step.',
      },
      { path: 'docs/tick.md' },
      {
        path: 'docs/porting.md',
        card: 'Which function of GameMaker is which here, and a server line by line.',
      },
    ],
  },
  {
    title: 'Recipes',
    index: 'docs/recipes/index.md',
  },
  {
    title: 'In depth',
    documents: [
      { path: 'docs/transports.md', label: 'Transports' },
      { path: 'docs/replication.md' },
      { path: 'docs/simulation.md' },
      { path: 'docs/recording.md' },
      { path: 'docs/cli.md' },
      { path: 'docs/protocol.md', label: 'Wire protocol' },
      { path: 'docs/replication-protocol.md', label: 'Replication protocol' },
      { path: 'docs/performance.md', label: 'Performance' },
      { path: 'docs/reliability.md', label: 'Reliability' },
      { path: 'SECURITY.md', label: 'Security' },
    ],
  },
  {
    title: 'The project',
    documents: [
      { path: 'docs/architecture.md', label: 'Architecture' },
      { path: 'CONTRIBUTING.md', label: 'Contributing' },
      { path: 'CHANGELOG.md', label: 'Changelog' },
    ],
  },
]

/** The pages of the API reference, in the menu above "The project". */
export const reference = {
  title: 'Reference',
  index: { address: 'api/index.html', label: 'All names' },
  card: 'Every function, constant and type, from the source’s own comments.',
}
