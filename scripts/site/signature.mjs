// How an export is declared, in few lines.
import { Node } from 'ts-morph'

const width = 76

/**
 * @param {string} name
 * @param {import('ts-morph').ExportedDeclarations[]} nodes its declarations; of an overloaded function all
 */
export function signatureOf(name, nodes) {
  const [first] = nodes
  if (Node.isFunctionDeclaration(first)) {
    const overloads = nodes.filter((node) => node.isOverload())
    return (overloads.length > 0 ? overloads : [first]).map(functionText).join('\n')
  }
  if (Node.isVariableDeclaration(first)) return variableText(name, first)
  if (Node.isTypeAliasDeclaration(first)) return withoutExport(first.getText())
  const types = first.getTypeParameters().map((parameter) => parameter.getText())
  const generic = types.length === 0 ? '' : `<${types.join(', ')}>`
  const keyword = Node.isClassDeclaration(first) ? 'class' : 'interface'
  const parents = [first.getExtends?.() ?? []].flat().map((parent) => parent.getText())
  return `${keyword} ${name}${generic}${parents.length === 0 ? '' : ` extends ${parents.join(', ')}`}`
}

function functionText(node) {
  const types = node.getTypeParameters().map((parameter) => parameter.getText())
  const generic = types.length === 0 ? '' : `<${types.join(', ')}>`
  const parameters = node
    .getParameters()
    .map((parameter) => parameter.getText().replaceAll(/\s+/g, ' '))
  const head = `function ${node.getName()}${generic}`
  const result = node.getReturnTypeNode()?.getText().replaceAll(/\s+/g, ' ') ?? 'void'
  const line = `${head}(${parameters.join(', ')}): ${result}`
  if (line.length <= width) return line
  return `${head}(\n${parameters.map((parameter) => `  ${parameter},\n`).join('')}): ${result}`
}

function variableText(name, node) {
  const keyword = node.getVariableStatementOrThrow().getDeclarationKind()
  const type = node.getTypeNode()?.getText()
  if (type !== undefined) return `${keyword} ${name}: ${type}`
  const value = node.getInitializerOrThrow()
  return Node.isAsExpression(value)
    ? `${keyword} ${name}`
    : `${keyword} ${name} = ${value.getText()}`
}

function withoutExport(text) {
  return text.replace(/^export /, '')
}
