# The application's side of a conversation: one JSON object a line asks, one a line answers.
use strict;
use warnings;
use JSON::PP;

# Answers each line {"do": name, "with": [...]} by calling that operation, one after the other.
sub serve_lines {
    my %operations = @_;
    my $json = JSON::PP->new->utf8->allow_nonref->canonical;
    $| = 1;
    print "{\"ready\":true}\n";
    while (my $line = <STDIN>) {
        my $asked = $json->decode($line);
        my $value = eval { $operations{ $asked->{do} }->(@{ $asked->{with} }) };
        my $error = $@;
        print $json->encode($error ? { error => "$error" } : { value => $value }), "\n";
    }
}

sub is_postgres { return ($ENV{DATABASE_URL} // '') =~ /^postgres/ }

# The parts of a URL, as DBI takes them.
sub postgres_dsn {
    my ($user, $password, $host, $port, $name) =
        $ENV{DATABASE_URL} =~ m{^postgres(?:ql)?://([^:@/]*)(?::([^@/]*))?@([^:/]*)(?::(\d+))?/([^?]*)};
    return ("dbi:Pg:dbname=$name;host=$host;port=" . ($port // 5432), $user, $password);
}

1;
