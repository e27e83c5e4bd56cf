<?php
// The application's side of a conversation: one JSON object a line asks, one a line answers.

/** Answers each line {"do": name, "with": [...]} by calling that operation, one after the other. */
function serveLines(array $operations): void
{
    // Warnings must not be taken for answers.
    ini_set('display_errors', 'stderr');
    fwrite(STDOUT, "{\"ready\":true}\n");
    while (($line = fgets(STDIN)) !== false) {
        $asked = json_decode($line, true);
        try {
            $value = $operations[$asked['do']](...$asked['with']);
            fwrite(STDOUT, json_encode(['value' => $value], JSON_THROW_ON_ERROR) . "\n");
        } catch (Throwable $error) {
            $messages = [];
            for ($one = $error; $one !== null; $one = $one->getPrevious()) {
                $messages[] = get_class($one) . ': ' . $one->getMessage();
            }
            fwrite(STDOUT, json_encode(['error' => implode(' < ', $messages)], JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
        }
    }
}

function isPostgres(): bool
{
    return str_starts_with((string) getenv('DATABASE_URL'), 'postgres');
}

/** A timestamp as the harness compares it, to the millisecond. */
function iso(DateTimeInterface $date): string
{
    $utc = DateTimeImmutable::createFromInterface($date)->setTimezone(new DateTimeZone('UTC'));
    return $utc->format('Y-m-d\TH:i:s.v\Z');
}

function bytesOf(mixed $value): ?string
{
    return $value === null ? null : (is_resource($value) ? stream_get_contents($value, -1, 0) : $value);
}
