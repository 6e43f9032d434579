import { X509Certificate } from 'node:crypto'
import { CliError, ExitCode } from './CliError.ts'
import { toJson } from './escapeText.ts'
import { readPem } from './readPem.ts'

const certificate = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs

/** Reads the file of `--ca`. Throws a `CliError` unless it holds certificates, and each of them can be read. */
export function readAuthorities(file: string): Uint8Array {
  const bytes = readPem('--ca', file)
  const found = Buffer.from(bytes).toString('latin1').match(certificate) ?? []
  if (found.length === 0 || !found.every(isCertificate))
    throw new CliError(ExitCode.usage, `--ca: ${toJson(file)} must hold certificates in PEM`)
  return bytes
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}
