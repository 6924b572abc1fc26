//! What chance alone seldom makes.

/// The coordinator falls between two of its sends, or behind all of them; participants fall when they have moved; two
/// sides each hear of one half only, and meet again; an attempt is cut in the middle of its moves.
pub const ALL: &[&str] = &[
    "request ?coordinator ?operation\nuntil pre-commit\ncrash ?coordinator\n+0..300ms\nrestart ?coordinator",
    "request ?coordinator tx x=1 y=2\nuntil vote-yes\ncrash ?participant after 0 sends\n+0..90ms\n\
     restart ?participant",
    "request ?participant veto ?participant\n+0..60ms\nrequest ?coordinator tx x=1\nuntil can-commit\n\
     duplicate can-commit ?coordinator -> ?participant",
    "whole\nrequest ?coordinator tx x=3\nuntil pre-commit\n+0..20ms\npartition ?sides\nuntil take-over\n+0..400ms\nheal",
    "whole\nrequest ?coordinator tx x=3\nuntil pre-commit\n+0..20ms\npartition ?sides\nuntil take-over\n+0..400ms\n\
     partition ?sides\n+0..900ms\npartition ?sides\n+0..900ms\nheal",
    "whole\nrequest ?coordinator tx x=3\nuntil prepare\ncrash ?coordinator\n+0..300ms\ncrash ?participant\nuntil take-over\n\
     crash ?participant2\n+0..500ms\nrestart ?participant\n+0..200ms\nrestart ?participant2",
    // Somebody is back before the others end it.
    "whole\nrequest ?coordinator tx x=3\nuntil prepare\ncrash ?coordinator\ncrash ?participant\nrestart ?participant",
    // One has PreCommit; the others abort without it, and of those one does not hear of it and meets the first.
    "whole\nrequest ?coordinator tx x=5\nuntil send-yes\ncrash T after 1 sends\nuntil prepare\n+20ms\n\
     partition P1 | rest\nuntil take-over\nuntil obey-abort\npartition P2 | rest\n+900..1800ms",
    // The same, and PreCommit reaches the one that did not hear of it late.
    "whole\nrequest ?coordinator tx x=6\nuntil pre-commit\nhold pre-commit T -> P2\nhold pre-commit T -> P3\n\
     crash T\nuntil prepare\n+20ms\npartition P1 | rest\nuntil take-over\nuntil obey-abort\npartition P2 | rest\n\
     deliver pre-commit T -> P3\n+900..1800ms",
    "whole\nrequest ?coordinator tx x=4\nuntil pre-commit\ncrash ?coordinator\nuntil move-others\n+0..30ms\n\
     partition ?sides\n+100..900ms\npartition ?sides\n+100..900ms\nheal",
];
