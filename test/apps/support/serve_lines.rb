# The application's side of a conversation: one JSON object a line asks, one a line answers.
require "json"
require "time"

# Answers each line {"do": name, "with": [...]} by calling that operation, one after the other.
def serve_lines(operations)
  answers = $stdout.dup
  answers.sync = true
  $stdout.reopen($stderr)
  answers.puts '{"ready":true}'
  $stdin.each_line do |line|
    asked = JSON.parse(line)
    begin
      answers.puts JSON.generate({ value: operations.fetch(asked["do"].to_sym).call(*asked["with"]) })
    rescue StandardError, NotImplementedError => error
      messages = []
      while error
        messages << "#{error.class}: #{error.message}"
        error = error.cause
      end
      answers.puts JSON.generate({ error: messages.join(" < ") })
    end
  end
end

def postgres?
  ENV.fetch("DATABASE_URL", "").start_with?("postgres")
end

# A timestamp as the harness compares it, to the millisecond.
def iso(time)
  time.utc.iso8601(3)
end

def row(values)
  values.to_h do |name, value|
    value = [value].pack("H*") if name == "photo"
    value = Time.iso8601(value) if name == "joined"
    [name.to_sym, value]
  end
end
