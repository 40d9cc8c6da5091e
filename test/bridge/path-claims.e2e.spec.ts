import { Scene, Server } from './scene.js';

describe('clawtank-bridge, while its agent edits files', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)));
  afterEach(() => scene.leave());

  const edit = (toolCallId: string, path: string) => ({
    tool: { toolCallId, title: `Edit ${path}`, kind: 'edit', locations: [{ path }] },
  });

  it('claims each as it comes to it, where the room sees it, and nothing any more once the work is handed in', async () => {
    scene.script({
      turns: [
        [
          { tool: { toolCallId: 'look', title: 'Read', kind: 'read', locations: [{ path: 'README.md' }] } },
          edit('first', 'docs/one.md'),
          edit('outside', '/etc/hosts'),
          { write: ['docs/one.md', '1\n'] },
          { awaits: 'second' },
          edit('second', 'docs/two.md'),
          { write: ['docs/two.md', '2\n'] },
          { awaits: 'end' },
          { say: 'Both are there.' },
        ],
      ],
    });
    scene.join();
    const task = await scene.give('Write docs/one.md and docs/two.md');
    const touched = () => scene.follower.state.paths.find(({ taskId }) => taskId === task.id);
    const claimed = (...paths: string[]) =>
      scene.follower.until(() => touched()?.claim?.paths.join() === paths.join() && touched());

    expect(await claimed('docs/one.md')).toMatchObject({ claim: { by: { id: scene.agent.id } }, changes: null });
    scene.tellAgent('second');
    await claimed('docs/one.md', 'docs/two.md');
    scene.tellAgent('end');

    await scene.reaches(task, 'in_review');
    const now = await scene.follower.until(() => touched()?.claim === null && touched());
    expect(now).toMatchObject({ claim: null, changes: { paths: ['docs/one.md', 'docs/two.md'], total: 2 } });
  });
});
