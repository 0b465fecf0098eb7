#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154
# The completions of bash, zsh and fish, in those shells: each line is typed with its tabs, and `opencamrc`
# shows what it has become.

load common
load typing

setup() {
	isolate
	export PATH=$build/bin:$PATH TERM=xterm
	mkdir -p "$XDG_CONFIG_HOME/opencamrc" folder
	touch 'a file.txt' other folder/picture.jpg
	# Stands for the program; the completion is asked of the real one.
	cat > function <<- 'END'
		PS1='ready> '
		opencamrc() {
			if [ "$1 $2" = 'help --complete' ]; then
				command opencamrc "$@"
			else
				printf '<%s>' "$@"
				echo ' done'
			fi
		}
	END
}

teardown() {
	exec 8>&-
	# Its owner does not outlive the test.
	"$opencamrc" -q -r router close > close.log 2>&1 || true
	stop_all
}

# A camera called router, held open.
hold_router() {
	start_simcam
	printf '[remote router]\naddress = %s\n' "$sim_address" > "$XDG_CONFIG_HOME/opencamrc/config"
	"$opencamrc" -r router open
}

start_bash() {
	printf '%s\n' '. ./function' ". '$top/contrib/completions/bash/opencamrc'" > bashrc
	start_typing_at 'bash --noprofile --rcfile bashrc -i' 'ready> '
}

start_zsh() {
	command -v zsh > /dev/null || skip 'zsh is not installed'
	printf '%s\n' '. ./function' "fpath=('$top/contrib/completions/zsh' \$fpath)" \
		'autoload -Uz compinit' 'compinit -u -d ./compdump' > .zshrc
	ZDOTDIR=$PWD start_typing_at 'zsh -i' 'ready> '
}

# becomes TYPED EXPECTED: the arguments once the line is entered.
becomes() {
	keys "opencamrc $1\\n"
	shown "$2 done" || {
		echo "typed: $1" >&2
		return 1
	}
}

# What bash and zsh make of the same lines.
types_the_lines() {
	becomes 'conf\t-r rou\tiso=160\t' '<config><-r><router><iso=1600>'
	becomes '-r router config iso=100 whitebalance=Dayl\t' \
		'<-r><router><config><iso=100><whitebalance=Daylight>'
	becomes '-r router config "autoexposuremode=Man\t' '<-r><router><config><autoexposuremode=Manual>'
	becomes '-r router capture --set iso=160\t' '<-r><router><capture><--set><iso=1600>'
	becomes 'liveview --dura\t10s' '<liveview><--duration><10s>'
	becomes 'env' '<env>'
	becomes 'files put a\to\tfol\tpic\t' '<files><put><a file.txt><other><folder/picture.jpg>'
	becomes 'capture --output=a\t' '<capture><--output=a file.txt>'
	becomes 'no such thing \t' '<no><such><thing>'
}

@test "bash completes commands, options, addresses, settings, their choices and files" {
	hold_router
	start_bash
	types_the_lines
}

@test "zsh completes commands, options, addresses, settings, their choices and files" {
	hold_router
	start_zsh
	types_the_lines
}

# fish_offers TYPED EXPECTED: the words, without what is said of them.
fish_offers() {
	same_text "$2" "$(fish --no-config -c "source '$top/contrib/completions/fish/opencamrc.fish'
		complete -C 'opencamrc $1'" | cut -f 1 | paste -sd ' ')"
}

@test "fish completes commands, options, addresses, settings, their choices and files" {
	command -v fish > /dev/null || skip 'fish is not installed'
	hold_router
	fish_offers conf config
	fish_offers 'config -r rou' router
	fish_offers '-r router config iso=1' 'iso=100 iso=1600'
	fish_offers '-r router capture --set iso=1' 'iso=100 iso=1600'
	fish_offers 'liveview --dura' --duration
	fish_offers 'files put a' 'a file.txt'
	fish_offers 'capture --output=fol' '--output=folder/'
	fish_offers 'no such thing ' ''
}

@test "every command and option of help is offered, with what it does" {
	local command
	"$opencamrc" help | sed -n '/^Commands:/,/^$/s/^  \([a-z0-9]*\) .*/\1/p' | sort > commands
	"$opencamrc" help --complete '' > offered
	same_text "$(cat commands)" "$(cut -f 1 offered)"
	[ -z "$(grep -vP '^[a-z]+\t[a-z]' offered)" ]
	while read -r command; do
		"$opencamrc" help "$command" | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--.*' | sort -u > options
		same_text "$(cat options)" "$("$opencamrc" help --complete "$command --" | cut -f 1)"
	done < commands
}

@test "no camera is opened for a completion" {
	start_simcam --debug
	[ -z "$("$opencamrc" help --complete "-r $sim_address config is")" ]
	[ -z "$("$opencamrc" help --complete "config --remote=$sim_address get ")" ]
	# Nobody has spoken to it, and nobody was made who might.
	same_text 1 "$(wc -l < "$sim_log")"
	[ -z "$(find "$XDG_RUNTIME_DIR" -name '*.lock')" ]
	"$opencamrc" -r "$sim_address" open
	[ "$(wc -l < "$sim_log")" -gt 1 ]
	same_text iso= "$("$opencamrc" help --complete "-r $sim_address config is")"
	"$opencamrc" -r "$sim_address" close
	[ -z "$("$opencamrc" help --complete "-r $sim_address config is")" ]
}

@test "a configuration that makes no sense has no names, and no error" {
	echo nonsense > "$XDG_CONFIG_HOME/opencamrc/config"
	[ -z "$("$opencamrc" help --complete '-r ' 2>&1)" ]
}
