import { recordApplication } from "./record/record-application.ts";

/**
 * Records the statements that an application sends to SQLite: `node --import changeover/record app.js`. The
 * application is not changed.
 */
recordApplication(process.env, process.cwd());
