package io.fspf.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Session documents, here and in a service. What the commands do is in {@link Sessions} and {@link
 * SessionService}, so that no other command has to load what those need.
 */
@Command(
    name = "session",
    subcommands = {
      SessionCommand.Check.class,
      SessionCommand.Hash.class,
      SessionCommand.Create.class,
      SessionCommand.Update.class,
      SessionCommand.Read.class,
      SessionCommand.Verify.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Sessions: which program gets which volumes, and who says so.",
      "check and hash need no service; the others talk to one that fspf cas serve runs."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf session check blender.yml")
final class SessionCommand {
  @Mixin
  @SuppressWarnings("UnusedVariable") // Picocli acts on it.
  private final HelpOption help = new HelpOption();

  @Command(
      name = "check",
      description = {
        "Check a session document.",
        "Mistakes are named with their lines; what is allowed and yet unwise is a warning."
      },
      footerHeading = "%nExample:%n",
      footer = {
        "  fspf session check -e MRENCLAVE=$MRENCLAVE -e FSPF_TAG=@usr.tag -e FSPF_KEY=@usr.key"
            + " blender.yml",
        "  fspf session check --use-env blender.yml"
      })
  static final class Check extends Subcommand {
    @Mixin private final TemplateOptions template = new TemplateOptions();

    @Override
    Report run(Terminal terminal) throws IOException {
      return Sessions.check(template, terminal, common());
    }
  }

  @Command(
      name = "hash",
      description = {
        "Print a session's hash: that of its canonical form, with all values.",
        "It pins a version in session_hash, and is the predecessor that an update names."
      },
      footerHeading = "%nExample:%n",
      footer = "  fspf session hash --use-env blender.yml")
  static final class Hash extends Subcommand {
    @Mixin private final TemplateOptions template = new TemplateOptions();

    @Override
    Report run(Terminal terminal) throws IOException {
      return Sessions.hash(template, terminal);
    }
  }

  @Command(
      name = "create",
      description = {
        "Bring a new session to the service; whoever brings it is its creator.",
        "The document is sealed to the service's own key on its way."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  fspf session create --cas 127.0.0.1:8765 --cas-certificate cas.pem"
              + " --identity creator.pem -e FSPF_KEY=@usr.key blender.yml")
  static final class Create extends Subcommand {
    @Mixin private final TemplateOptions template = new TemplateOptions();
    @Mixin private final PersonOptions person = new PersonOptions();

    @Override
    Report run(Terminal terminal) throws IOException {
      return SessionService.create(person, template, terminal, common());
    }
  }

  @Command(
      name = "update",
      description = {
        "Bring a new version of a session.",
        "Its predecessor: names the hash of the version that it replaces."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  fspf session update --cas 127.0.0.1:8765 --cas-certificate cas.pem"
              + " --identity creator.pem -e PREDECESSOR=@hash blender.yml")
  static final class Update extends Subcommand {
    @Mixin private final TemplateOptions template = new TemplateOptions();
    @Mixin private final PersonOptions person = new PersonOptions();

    @Override
    Report run(Terminal terminal) throws IOException {
      return SessionService.update(person, template, terminal, common());
    }
  }

  @Command(
      name = "read",
      description = {
        "Print a session as the service holds it, in JSON, without its secrets.",
        "The hash is that of the whole; the tags are the newest of its volumes."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  fspf session read --cas 127.0.0.1:8765 --cas-certificate cas.pem"
              + " --identity user.pem user-1")
  static final class Read extends Subcommand {
    @Mixin private final PersonOptions person = new PersonOptions();

    @Parameters(index = "0", paramLabel = "SESSION", description = "The session's name.")
    private String session;

    @Override
    Report run(Terminal terminal) throws IOException {
      return SessionService.read(person, session, terminal);
    }
  }

  @Command(
      name = "verify",
      description = {
        "Check that the service holds exactly this session, secrets included.",
        "Exit code 0 says that it does, 3 that it holds another version."
      },
      footerHeading = "%nExample:%n",
      footer =
          "  fspf session verify --cas 127.0.0.1:8765 --cas-certificate cas.pem"
              + " --identity user.pem --use-env user.yml")
  static final class Verify extends Subcommand {
    @Mixin private final TemplateOptions template = new TemplateOptions();
    @Mixin private final PersonOptions person = new PersonOptions();

    @Override
    Report run(Terminal terminal) throws IOException {
      return SessionService.verify(person, template, terminal);
    }
  }
}
