// Reads what the faces export: names, signatures, members, doc comments.
import { join, relative } from 'node:path'
import { Node, Project, SyntaxKind } from 'ts-morph'
import { defaultsOf, faces } from './areas.mjs'
import { parseDocComment } from './docComment.mjs'
import { signatureOf } from './signature.mjs'

/**
 * @typedef {import('./docComment.mjs').DocComment} DocComment
 *
 * @typedef {object} Member
 * @property {string} name
 * @property {string} code how it is declared
 * @property {DocComment} doc
 * @property {string} [value] of a constant
 * @property {string} [initial] of a setting, with its unit
 *
 * @typedef {object} Entry one exported name
 * @property {string} name
 * @property {string} kind
 * @property {string} code its signature
 * @property {DocComment} doc
 * @property {Member[]} members
 * @property {string} [value] of a constant that is a number
 * @property {string} [topic] of a constant: the comment above it and its neighbours
 * @property {string} path where it is declared
 * @property {number} line
 */

/**
 * @param {string} root
 * @param {(problem: string) => void} report
 */
export function readApi(root, report) {
  const project = new Project({
    tsConfigFilePath: join(root, 'tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  })
  return faces.map(({ groups, ...face }) => {
    const exported = project.addSourceFileAtPath(join(root, face.file)).getExportedDeclarations()
    const entries = [...exported].map(([name, nodes]) => readEntry(root, name, nodes))
    const titles = [...new Set(groups.map(({ title }) => title))]
    const grouped = titles.map((title) => ({
      title,
      tables: groups.some((group) => group.title === title && group.tables),
      entries: entries.filter((entry) => groupOf(groups, entry) === title),
    }))
    for (const entry of entries)
      if (groupOf(groups, entry) === undefined)
        report(`${face.file} exports ${entry.name}, which no group of scripts/site/areas.mjs takes`)
    return Object.assign(face, { address: `api/${face.id}.html`, groups: grouped })
  })
}

function groupOf(groups, { name, path }) {
  return groups.find(
    ({ names, files }) => (names?.test(name) ?? true) && (files?.test(path) ?? true),
  )?.title
}

/** @returns {Entry} */
function readEntry(root, name, nodes) {
  // A constant and the type of its values have one name.
  const [first] = nodes
  const file = first.getSourceFile()
  const documented = nodes.map((node) => commentOf(node)).find((comment) => comment !== '') ?? ''
  const initializer = Node.isVariableDeclaration(first) ? first.getInitializer() : undefined
  return {
    name,
    kind: kindOf(first),
    code: signatureOf(name, nodes),
    doc: parseDocComment(documented),
    members: membersOf(first, name),
    value: isNumber(initializer) ? initializer.getText() : undefined,
    topic: Node.isVariableDeclaration(first) ? topicOf(first) : undefined,
    path: relative(root, file.getFilePath()).replaceAll('\\', '/'),
    line: first.getStartLineNumber(),
  }
}

function isNumber(node) {
  return (
    node !== undefined &&
    (Node.isNumericLiteral(node) ||
      (Node.isPrefixUnaryExpression(node) && Node.isNumericLiteral(node.getOperand())))
  )
}

/** What stands in front of a declaration; of a variable, in front of its statement. */
function commentOf(node) {
  const holder = Node.isVariableDeclaration(node) ? node.getVariableStatementOrThrow() : node
  return holder.getLeadingCommentRanges().at(-1)?.getText() ?? ''
}

function kindOf(node) {
  const path = node.getSourceFile().getFilePath()
  if (Node.isFunctionDeclaration(node)) return path.includes('/systems/') ? 'system' : 'function'
  if (Node.isInterfaceDeclaration(node)) return 'interface'
  if (Node.isTypeAliasDeclaration(node)) return 'type'
  if (Node.isClassDeclaration(node)) return 'class'
  if (!path.includes('/components/')) return objectOf(node) ? 'constants' : 'constant'
  const type = node.getTypeNode()?.getText() ?? ''
  if (type === 'Tag') return 'tag'
  return type.startsWith('Relation') ? 'relation' : 'component'
}

/** The object of a declaration such as `{ tcp: 0, … } as const`. */
function objectOf(node) {
  const initializer = Node.isVariableDeclaration(node) ? node.getInitializer() : undefined
  const value = Node.isAsExpression(initializer) ? initializer.getExpression() : initializer
  return Node.isObjectLiteralExpression(value) ? value : undefined
}

/** The line comment that opens a run of constants. */
function topicOf(node) {
  const comments = [node, ...node.getVariableStatementOrThrow().getPreviousSiblings()].map(
    (before) =>
      (Node.isVariableDeclaration(before) ? before.getVariableStatementOrThrow() : before)
        .getLeadingCommentRanges()
        .map((range) => range.getText())
        .findLast((text) => text.startsWith('// ')),
  )
  return comments
    .find((comment) => comment !== undefined)
    ?.slice(3)
    .replace(/\.$/, '')
}

/** @returns {Member[]} */
function membersOf(node, name) {
  const constants = objectOf(node)
  if (constants !== undefined)
    return constants.getProperties().map((property) => ({
      name: property.getName(),
      code: property.getName(),
      value: property.getInitializerOrThrow().getText(),
      doc: parseDocComment(commentOf(property)),
    }))
  if (Node.isInterfaceDeclaration(node)) {
    const initial = initialValues(node, defaultsOf[name])
    return node.getMembers().map((member) => {
      const doc = parseDocComment(commentOf(member))
      const own = member.getName?.() ?? ''
      return { name: own, code: declared(member), doc, initial: initial.get(own) }
    })
  }
  if (!Node.isClassDeclaration(node)) return []
  // The fields of a class are its own; what it offers are accessors and methods.
  return [...node.getGetAccessors(), ...node.getInstanceMethods()].map((member) => ({
    name: member.getName(),
    code: declared(member),
    doc: parseDocComment(commentOf(member)),
  }))
}

/** A member without its body. */
function declared(member) {
  const parameters = member.getParameters?.().map((parameter) => parameter.getText()) ?? []
  if (Node.isGetAccessorDeclaration(member))
    return `${member.getName()}: ${member.getReturnTypeNode()?.getText()}`
  if (Node.isMethodDeclaration(member))
    return `${member.getName()}(${parameters.join(', ')}): ${member.getReturnTypeNode()?.getText()}`
  return member
    .getText()
    .replace(/^readonly /, '')
    .replaceAll(/\s+/g, ' ')
}

/** What settings are at first, as far as it can be said in a word. */
function initialValues(node, name) {
  const file = node.getSourceFile()
  const holder = name && (file.getFunction(name) ?? file.getVariableDeclaration(name))
  const object = holder?.getFirstDescendantByKind(SyntaxKind.ObjectLiteralExpression)
  const values = new Map()
  for (const property of object?.getProperties() ?? []) {
    const text = property.getInitializerOrThrow().getText()
    const word = inWords(property.getName(), text)
    if (word !== undefined) values.set(property.getName(), word)
  }
  return values
}

function inWords(name, text) {
  if (text === "''") return 'empty'
  if (/^('.*'|true|false|Infinity)$/.test(text)) return `\`${text}\``
  const mebibytes = /^(?:(\d+) \* )?(?:mebibyte|1024 \* 1024)$/.exec(text)
  if (mebibytes !== null) return `${mebibytes[1] ?? 1} MiB`
  if (!/^[\d_]+$/.test(text)) return undefined
  const number = Number(text.replaceAll('_', '')).toLocaleString('en')
  return name.endsWith('Ms') ? `${number} ms` : number
}
