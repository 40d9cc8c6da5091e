import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks are found by the message that asked for them, and stay among members if that message did. */
export class TasksFromMessages1764330000000 implements MigrationInterface {
  name = 'TasksFromMessages1764330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks ADD COLUMN is_members_only boolean NOT NULL DEFAULT false`);
    await runner.query(
      `UPDATE tasks SET is_members_only = true FROM messages
       WHERE messages.id = tasks.source_message_id AND messages.visibility = 'members'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tasks DROP COLUMN is_members_only`);
  }
}
