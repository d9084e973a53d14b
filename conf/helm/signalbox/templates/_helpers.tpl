{{/* The release's name, and "signalbox" where it does not say so. */}}
{{- define "signalbox.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end -}}
{{- end }}

{{/* What tells the pods of this release from others. */}}
{{- define "signalbox.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "signalbox.labels" -}}
{{ include "signalbox.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{/* The configuration, with what only the chart knows. */}}
{{- define "signalbox.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if dig "cluster" "enabled" false $config }}
{{- $members := dict "members" (list (printf "%s-peers" (include "signalbox.name" .))) }}
{{- $_ := set $config "cluster" (merge $config.cluster $members) }}
{{- end }}
{{- $drain := dict "drain" (printf "%ds" (int .Values.drainSeconds)) }}
{{- range tuple "gateway" "ext-proc" }}
{{- $_ := set $config . (merge (default dict (get $config .)) $drain) }}
{{- end }}
{{- $_ := set $config "plugins" (merge (default dict $config.plugins) (dict "folder" "/plugins")) }}
{{- toYaml $config }}
{{- end }}

{{/* What a pod does not follow while it runs. */}}
{{- define "signalbox.fixed" -}}
{{- $config := include "signalbox.config" . | fromYaml }}
{{- $fixed := pick $config "gateway" "ext-proc" "admin" "cluster" "event-bus" "kafka" "zeromq" }}
{{- $_ := set $fixed "redis" (dig "limits" "redis" dict $config) }}
{{- $_ := set $fixed "plugins" (pick $config.plugins "enabled" "folder") }}
{{- toYaml $fixed }}
{{- end }}

{{- define "signalbox.port.gateway" }}{{ dig "gateway" "port" 8080 .Values.config }}{{ end }}
{{- define "signalbox.port.extProc" }}{{ dig "ext-proc" "port" 50052 .Values.config }}{{ end }}
{{- define "signalbox.port.admin" }}{{ dig "admin" "port" 8090 .Values.config }}{{ end }}
{{- define "signalbox.port.cluster" }}{{ dig "cluster" "port" 5701 .Values.config }}{{ end }}
{{- define "signalbox.adminScheme" }}{{ if dig "admin" "tls" nil .Values.config }}HTTPS{{ else }}HTTP{{ end }}{{ end }}
