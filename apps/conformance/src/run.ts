import type { Recording } from './domain/recording.js';
import { SCENES } from './scenes/index.js';
import type { SceneName } from './scenes/scene.js';
import { SceneMissed, Stage, type StageOptions } from './server/stage.js';

/** What is to be seen of an agent. */
export interface Observation extends StageOptions {
  /** All of them unless said otherwise. */
  readonly scenes?: readonly SceneName[];
}

/** Plays every scene with the agent, or those named, and answers all that was seen. */
export async function observe(
  options: Observation,
  tell: (scene: string) => void = () => undefined,
): Promise<Recording> {
  const stage = await Stage.set(options);
  try {
    for (const scene of SCENES.filter(({ name }) => options.scenes?.includes(name) ?? true)) {
      tell(scene.name);
      stage.recorder.begin(scene.name);
      try {
        await scene.play(stage);
      } catch (error) {
        stage.recorder.note({ kind: 'missed', why: (error as Error).message });
        if (!(error instanceof SceneMissed)) {
          tell(`${scene.name}: ${(error as Error).message}`);
        }
      }
      stage.tidyUp();
    }
    return stage.recorder.recordingOf(stage.subject);
  } finally {
    await stage.clear();
  }
}
