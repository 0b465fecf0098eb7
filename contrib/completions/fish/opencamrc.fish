# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in fish: opencamrc itself tells what may come next.

function __opencamrc_complete
	set -l program (commandline -opc)[1]
	set -l typed (commandline -ct)
	set -l option (string match -r '^--[^=]*=' -- $typed)
	for word in ($program help --complete (commandline -cp | string replace -r '^\s*\S+\s*' '') 2> /dev/null)
		if test "$word" = /
			__fish_complete_path (string replace -r '^--[^=]*=' '' -- $typed) | string replace -r '^' -- "$option"
		else
			echo "$option$word"
		end
	end
end
complete -c opencamrc -f -a '(__opencamrc_complete)'
