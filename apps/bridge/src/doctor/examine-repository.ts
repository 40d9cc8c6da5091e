import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GitFailed } from '@clawtank/agent-sdk';
import { accessTo, RepositoryClosed, RoomRepository } from '@clawtank/agent-work';
import type { Room } from '@clawtank/contracts';
import { namedByOption } from '../bridge-options.js';
import type { RoomAddress } from '../room-address.js';
import { get, NoSeat, roomOf } from '../seat.js';
import type { Finding } from './findings.js';

const PATIENCE_MS = 60_000;
const about = 'Repository';

/** Whether the agent could push to the repository of its room, where that is not the server's own. Nothing is pushed. */
export async function examineRepository(
  address: RoomAddress | null,
  token: string | null,
  named: readonly string[],
  dataFolder: string,
): Promise<Finding[]> {
  const repository = address && token ? await repositoryOf(address, token) : null;
  if (!address || !token || !repository || repository.provider === 'clawtank') {
    return [];
  }
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(dataFolder, 'doctor-'));
  try {
    const access = accessTo(repository, { server: address.server, token }, namedByOption(named));
    await new RoomRepository(folder, access.address, access.credentials).requireAccess(
      AbortSignal.timeout(PATIENCE_MS),
    );
    return [{ about, state: 'ok', what: `your git can push to ${access.address.url}` }];
  } catch (error) {
    return [explained(error, repository.cloneUrl)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null also if the server does not say, which is another finding. */
async function repositoryOf(address: RoomAddress, token: string): Promise<Room['repository']> {
  try {
    const url = new URL(`/api/rooms/${await roomOf(address)}`, address.server);
    const answer = await get(url, { authorization: `Bearer ${token}` });
    return answer.ok ? ((await answer.json()) as Room).repository : null;
  } catch (error) {
    if (error instanceof NoSeat) {
      return null;
    }
    throw error;
  }
}

function explained(error: unknown, cloneUrl: string): Finding {
  if (error instanceof RepositoryClosed) {
    return { about, state: 'wrong', what: `your git cannot push to ${cloneUrl}`, remedy: error.message };
  }
  if (error instanceof GitFailed || (error as Error).name === 'TimeoutError') {
    return { about, state: 'wrong', what: (error as Error).message, remedy: `See whether git reaches ${cloneUrl}` };
  }
  throw error;
}
